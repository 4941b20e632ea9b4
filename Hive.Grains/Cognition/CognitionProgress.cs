using System.Collections.Immutable;
using Hive.Brains;
using Hive.Cognition.Critics;
using Hive.Cognition.Ledgers;
using Hive.Goals;
using Hive.Silos;

namespace Hive.Cognition;

/// <summary>
/// What a goal for brains has lived through, as its log tells it: every answer that was paid for, every fact that was found, and the ledger. The goal's program runs from its
/// beginning after a crash and finds here whatever it did before. It knows no grain, no clock and no storage.
/// </summary>
internal sealed class CognitionProgress
{
    /// <summary>The kind of the fact that a process began to work on the goal: the time before it, since the entry before, nobody worked.</summary>
    public const string RunBegan = "run-began";

    private readonly Dictionary<string, CallReserved> _reserved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CallSettled> _calls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private int _placeOfBudget;
    private readonly List<CriticsLearnt> _learnt = [];
    private readonly Dictionary<string, string> _facts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CandidateJudged> _judged = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ApprovalAsked> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ApprovalGiven> _given = new(StringComparer.Ordinal);
    private readonly Dictionary<int, PlanMade> _plans = [];
    private readonly Dictionary<int, AnswerJoined> _answers = [];
    private DateTimeOffset? _lastAt;

    public CognitionProgress(GoalSpec spec)
    {
        Spec = spec;
        Ledger = new Ledger(spec.Budget.Tokens, spec.Budget.Money, Tiered(spec.Budget.Calls));
        Steps = new StepsProgress(spec);
        (SecondsAllowed, RoundsAllowed) = (spec.Budget.Seconds, spec.Budget.Rounds ?? 3);
    }

    public GoalSpec Spec { get; }

    public Ledger Ledger { get; }

    public StepsProgress Steps { get; }

    public CriticReputation Reputation { get; } = new();

    /// <summary>How long the goal may be worked on, in seconds; absent: as long as it takes.</summary>
    public double? SecondsAllowed { get; private set; }

    public int RoundsAllowed { get; private set; }

    /// <summary>How long the goal was worked on, in seconds, as far as the log reaches.</summary>
    public double Seconds { get; private set; }

    /// <summary>How many times more was allowed to be spent.</summary>
    public int BudgetsAdded { get; private set; }

    /// <summary>How many processes have begun to work on it.</summary>
    public int Runs { get; private set; }

    /// <summary>The states that the goal went through, in order.</summary>
    public List<GoalState> Moves { get; } = [];

    /// <summary>The answer that was joined last.</summary>
    public AnswerJoined? Answer { get; private set; }

    /// <summary>Calls that came back with an answer, and those that failed.</summary>
    public (long Done, long Failed) CallCounts { get; private set; }

    public Dictionary<string, EffectRequested> Effects { get; } = new(StringComparer.Ordinal);

    public HashSet<string> EffectsBegun { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, EffectEnded> EffectsEnded { get; } = new(StringComparer.Ordinal);

    public IEnumerable<PlanMade> Plans => _plans.Values;

    public IReadOnlyDictionary<string, CandidateJudged> Judged => _judged;

    /// <summary>What a person is asked and has not answered.</summary>
    public IEnumerable<ApprovalAsked> Waiting => _asked.Values.Where(asked => !_given.ContainsKey(asked.Id));

    /// <summary>Who made a call.</summary>
    public CallReserved? Reserved(string id) => _reserved.GetValueOrDefault(id);

    public CallSettled? Call(string id) => _calls.GetValueOrDefault(id);

    /// <summary>The how-many-th call it is that was over, from 0, in the order of the log.</summary>
    public int PlaceOf(CallSettled call) => _places[call.Call];

    /// <summary>Whether more was allowed to be spent since a call was over: then what failed is worth another try.</summary>
    public bool IsBeforeBudget(CallSettled call) => PlaceOf(call) < _placeOfBudget;

    /// <summary>What later facts said of this goal's critics.</summary>
    public IReadOnlyList<CriticsLearnt> Learnt => _learnt;

    public string? Fact(string id) => _facts.GetValueOrDefault(id);

    public CandidateJudged? Verdict(string candidate) => _judged.GetValueOrDefault(candidate);

    public PlanMade? Plan(int round) => _plans.GetValueOrDefault(round);

    /// <summary>What was joined in a round.</summary>
    public AnswerJoined? AnswerOf(int round) => _answers.GetValueOrDefault(round);

    public bool IsAsked(string id) => _asked.ContainsKey(id);

    public ApprovalGiven? Approval(string id) => _given.GetValueOrDefault(id);

    /// <summary>What the calls whose ids begin so cost together.</summary>
    public (long Tokens, decimal Money) CostOf(string prefix)
    {
        var (tokens, money) = (0L, 0m);
        foreach (var (id, call) in _calls)
        {
            if (id.StartsWith(prefix, StringComparison.Ordinal) && (id.Length == prefix.Length || !char.IsAsciiLetterOrDigit(id[prefix.Length])))
            {
                tokens += call.TokensIn + call.TokensOut;
                money += call.Money;
            }
        }

        return (tokens, money);
    }

    public void Apply(DateTimeOffset at, GoalEvent happened)
    {
        CountTime(at, happened);
        switch (happened)
        {
            case StateChanged { State: var state } when !state.IsEnd():
                Moves.Add(state);
                break;
            case CallReserved reserved:
                _reserved[reserved.Call] = reserved;
                Ledger.Reserve(reserved.Call, reserved.Tier, 1, reserved.Tokens, reserved.Money);
                break;
            case CallSettled settled:
                Settle(settled);
                break;
            case FactRecorded fact:
                if (_facts.TryAdd(fact.Id, fact.Json))
                {
                    Learn(fact);
                }

                break;
            case PlanMade plan:
                _plans[plan.Round] = plan;
                break;
            case CandidateJudged judged:
                _judged[judged.Candidate] = judged;
                break;
            case AnswerJoined answer:
                _answers[answer.Round] = Answer = answer;
                break;
            case VotesReserved reserved:
                Ledger.Reserve(StepsProgress.ReservationOf(reserved.Step, reserved.Batch), reserved.Tier, reserved.Votes, reserved.Tokens, reserved.Money);
                Steps.Apply(reserved);
                break;
            case VotesCounted counted:
                Ledger.Settle(StepsProgress.ReservationOf(counted.Step, counted.Batch), counted.Tokens, counted.Money);
                Count(counted.Answers.Length, counted.Thrown);
                Steps.Apply(counted);
                break;
            case StepDecided decided:
                Ledger.Settle(StepsProgress.ReservationOf(decided.Step, decided.Batch), decided.Tokens, decided.Money);
                Count(decided.Votes - Steps.Counted.Count, decided.Thrown);
                Steps.Apply(decided);
                break;
            case BudgetAdded added:
                Ledger.Add(added.Tokens, added.Money, Tiered(added.Calls));
                SecondsAllowed += added.Seconds;
                RoundsAllowed += added.Rounds;
                BudgetsAdded++;
                _placeOfBudget = _places.Count;
                break;
            default:
                ApplyApproval(happened);
                break;
        }
    }

    public static IEnumerable<KeyValuePair<string, long>> Tiered(TierCalls calls)
    {
        foreach (var tier in Tiers.All)
        {
            if (calls.Of(tier) is { } most)
            {
                yield return KeyValuePair.Create(tier, most);
            }
        }
    }

    private void ApplyApproval(GoalEvent happened)
    {
        switch (happened)
        {
            case ApprovalAsked asked:
                _asked[asked.Id] = asked;
                break;
            case ApprovalGiven given:
                _given.TryAdd(given.Id, given);
                break;
            case EffectRequested requested:
                Effects.TryAdd(requested.Id, requested);
                break;
            case EffectBegun begun:
                EffectsBegun.Add(begun.Id);
                break;
            case EffectEnded ended:
                EffectsEnded.TryAdd(ended.Id, ended);
                break;
        }
    }

    /// <summary>What the goal learns of critics; their reputation follows from facts alone.</summary>
    private void Learn(FactRecorded fact)
    {
        switch (fact.Kind)
        {
            case CriticRecords.Kind:
                CriticRecords.Restore(fact.Json, Reputation);
                break;
            case CriticsLearnt.Kind:
                _learnt.Add(CriticsLearnt.Read(fact.Json));
                _learnt[^1].Teach(Reputation);
                break;
        }
    }

    private void Settle(CallSettled settled)
    {
        Ledger.Settle(settled.Call, settled.TokensIn + settled.TokensOut, settled.Money, settled.IsWrittenOff);
        if (_calls.TryAdd(settled.Call, settled))
        {
            _places[settled.Call] = _places.Count;
            Count(settled.Reply is null ? 0 : 1, settled.Reply is null ? 1 : 0);
        }
    }

    private void Count(int done, int failed) => CallCounts = (CallCounts.Done + done, CallCounts.Failed + failed);

    private void CountTime(DateTimeOffset at, GoalEvent happened)
    {
        if (happened is FactRecorded { Kind: RunBegan })
        {
            Runs++;
        }
        else if (_lastAt is { } last && at > last && happened is not BudgetAdded)
        {
            Seconds += (at - last).TotalSeconds;
        }

        _lastAt = at;
    }
}

using System.Collections.Immutable;
using Hive.Cognition.Votes;
using Hive.Goals;

namespace Hive.Cognition.Steps;

/// <summary>One step while it is voted on.</summary>
internal sealed class StepVote
{
    /// <summary>The states that come with the answers that are counted.</summary>
    private readonly Dictionary<string, string> _states = new(StringComparer.Ordinal);

    private readonly LeadRule _lead;

    private VoteTally _tally;

    /// <summary>A step without votes.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="state">The state that it begins with.</param>
    /// <param name="tier">The tier that is asked.</param>
    /// <param name="lead">By how much an answer has to lead.</param>
    public StepVote(long step, string state, string tier, LeadRule lead)
    {
        (Step, State, Tier, _lead) = (step, state, tier, lead);
        _tally = new VoteTally(lead.At(tier));
    }

    /// <summary>The step, from 0.</summary>
    public long Step { get; }

    /// <summary>The state that it begins with.</summary>
    public string State { get; }

    /// <summary>The tier that is asked.</summary>
    public string Tier { get; private set; }

    /// <summary>How many votes were asked for at this tier, those thrown away included.</summary>
    public int Asked { get; private set; }

    /// <summary>How many votes were asked for at all tiers.</summary>
    public int AskedInAll { get; private set; }

    /// <summary>How many askings there were.</summary>
    public int Batches { get; private set; }

    /// <summary>How many askings in a row no brain answered.</summary>
    public int Silences { get; private set; }

    /// <summary>Why no brain answered the last asking.</summary>
    public string? Silence { get; private set; }

    /// <summary>How many more votes decide at the soonest.</summary>
    public int Needed => _tally.Needed;

    /// <summary>The state that the next step begins with; absent while the step is not decided.</summary>
    public string? Next => _tally.Winner is { } winner ? _states[winner] : null;

    /// <summary>How it stands, in words.</summary>
    public string Standing => FormattableString.Invariant(
        $"{Asked} votes at tier {Tier}, {_tally.Counts.Count} different answers, the first {_tally.Margin} ahead of the second, {_tally.Lead} needed");

    /// <summary>Goes on at another tier: what a weaker one said does not count there.</summary>
    public void Escalate(string tier)
    {
        (Tier, Asked) = (tier, 0);
        (Silences, Silence) = (0, null);
        _states.Clear();
        _tally = new VoteTally(_lead.At(tier));
    }

    /// <summary>What the log tells of the step's votes so far.</summary>
    public void Recall(StepsProgress steps)
    {
        (Batches, Asked, AskedInAll) = (steps.Batches, steps.Asked, steps.AskedInAll);
        foreach (var (answer, state) in steps.Counted)
        {
            Count(answer, state ?? answer);
        }

        Reconsider();
    }

    /// <summary>Counts what came in.</summary>
    /// <returns>What is to be recorded: the step is decided, or the votes are counted.</returns>
    public GoalEvent Settle(Asking asking, IReadOnlyList<Ballot> ballots)
    {
        var (tokens, money, thrown) = (0L, 0m, 0);
        foreach (var ballot in ballots)
        {
            tokens += ballot.Tokens;
            money += ballot.Money;
            if (ballot.Answer is { } answer)
            {
                Count(answer, ballot.State!);
            }
            else
            {
                thrown++;
            }
        }

        (Batches, Asked, AskedInAll) = (asking.Batch + 1, Asked + ballots.Count, AskedInAll + ballots.Count);
        Hear(ballots);
        Reconsider();
        return Decided(asking.Batch, thrown, tokens, money) is { } decided ? decided : Counted(asking.Batch, ballots, thrown, tokens, money);
    }

    /// <summary>The decision, where there is one; absent where there is none yet.</summary>
    public StepDecided? Decided(int batch, int thrown = 0, long tokens = 0, decimal money = 0) => _tally.Winner is { } winner
        ? new StepDecided(Step, winner, Different(winner, _states[winner]), _tally.Votes, _tally.Counts[winner], thrown, batch, tokens, money, _tally.Lead)
        : null;

    private static string? Different(string answer, string state) => state == answer ? null : state;

    private VotesCounted Counted(int batch, IReadOnlyList<Ballot> ballots, int thrown, long tokens, decimal money)
    {
        var counted = ballots.Where(ballot => ballot.Answer is not null).ToArray();
        return new VotesCounted(Step, batch, [.. counted.Select(ballot => ballot.Answer!)], thrown, tokens, money)
        {
            States = counted.All(ballot => ballot.State == ballot.Answer) ? null : [.. counted.Select(ballot => ballot.State!)],
        };
    }

    /// <summary>As long as the step is not decided, the lead follows what is known; a lead that shrinks may decide it.</summary>
    private void Reconsider()
    {
        if (_tally is { Winner: null, Votes: > 0 })
        {
            _tally.Lead = _lead.At(Tier, _tally);
        }
    }

    private void Count(string answer, string state)
    {
        // After a crash the lead may be smaller than it was, so that some of the votes that are there decide.
        if (_tally.Winner is not null)
        {
            return;
        }

        _tally.Add(answer);
        if (_tally.Counts.ContainsKey(answer))
        {
            _states.TryAdd(answer, state);
        }
    }

    private void Hear(IReadOnlyList<Ballot> ballots)
    {
        var isSilent = ballots.All(ballot => ballot.Failure is not null);
        Silences = isSilent ? Silences + 1 : 0;
        Silence = isSilent ? ballots[0].Failure : null;
    }
}

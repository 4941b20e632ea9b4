using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Hive.Brains;
using Hive.Cognition.Calls;
using Hive.Cognition.Prompts;
using Hive.Cognition.Votes;
using Hive.Goals;

namespace Hive.Cognition.Steps;

/// <summary>
/// The life of a goal that is decided by votes: one question, or a chain of dependent steps, each of which begins where the one before it ended. A step is begun when the decision of the one
/// before it is on disk, and not sooner; since that decision and the reservation of the next votes go into one append, a step costs one flush. After a crash the chain goes on at the step where it was.
/// </summary>
internal sealed class StepRun
{
    /// <summary>The answers of one asking lie in one entry of the log; JSON writes a character with up to six bytes, and each answer may come with a state as long.</summary>
    private const int MostCharactersAtOnce = 900_000 / 12;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly Desk _desk;
    private readonly VotesCheck _check;
    private readonly StepsSpec _chain;
    private readonly bool _isQuestion;
    private readonly Regex? _until;
    private readonly VoteAsker _asker;
    private readonly LeadRule _lead;

    /// <summary>What the last asking brought, as long as it is not on its way to the disk.</summary>
    private GoalEvent? _settling;

    public StepRun(Desk desk)
    {
        (_desk, _check) = (desk, desk.Spec.Votes!);
        _isQuestion = desk.Spec.Steps is null;
        _chain = desk.Spec.Steps ?? new StepsSpec("", desk.Goal.Spec.Objective, 1);
        _until = _chain.Until is { } until ? new Regex(until, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking) : null;
        _asker = new VoteAsker(desk, new AnswerFormat(_check.Answer.Pattern, _check.Answer.MaxCharacters));
        _lead = new LeadRule(_check, _chain.Count, Steps);
    }

    private StepsProgress Steps => _desk.Progress.Steps;

    /// <summary>Works on the goal to its end.</summary>
    /// <param name="stop">Stops where it is.</param>
    /// <returns>What is missing to what was asked for; empty where nothing is.</returns>
    public async Task<ImmutableArray<string>> RunAsync(CancellationToken stop)
    {
        await MoveAsync(GoalState.Exploring);
        string? missing;
        try
        {
            missing = await ChainAsync(stop);
        }
        catch (Exception e) when (e is BudgetExhaustedException or OperationCanceledException)
        {
            await JoinAsync(isAccepted: false);
            throw;
        }

        await MoveAsync(GoalState.Joining);
        await JoinAsync(missing is null);
        return missing is null ? [] : [missing];
    }

    private Task MoveAsync(GoalState state) =>
        _desk.Goal.State == state ? Task.CompletedTask : _desk.Journal.RecordAsync(new StateChanged(state, null));

    /// <summary>The answer is how far the steps have come, whether that is the end of them or not.</summary>
    private Task JoinAsync(bool isAccepted)
    {
        var answer = new AnswerJoined(0, (_isQuestion ? Steps.Answer : Steps.State) ?? "", isAccepted);
        return Steps.Done == 0 || (_desk.Progress.Answer is { } last && last.Text == answer.Text && last.IsAccepted == isAccepted)
            ? Task.CompletedTask
            : _desk.Journal.RecordAsync(answer);
    }

    /// <returns>What is missing; absent where nothing is.</returns>
    private async Task<string?> ChainAsync(CancellationToken stop)
    {
        try
        {
            var vote = await OpenAsync(Steps.Done, Steps.State, Steps.Tier, stop);
            vote.Recall(Steps);
            _settling = vote.Decided(vote.Batches);
            while (true)
            {
                if (vote.Next is { } state)
                {
                    vote = await OpenAsync(vote.Step + 1, state, null, stop);
                }

                if (IsOver(vote.Step, vote.State, out var missing) || !MayAskMore(vote, out missing))
                {
                    return missing;
                }

                await PauseAsync(vote, stop);
                stop.ThrowIfCancellationRequested();
                var asking = Prepare(vote);
                await ReserveAsync(asking);
                _settling = vote.Settle(asking, await _asker.AskAsync(asking, stop));
            }
        }
        finally
        {
            // Whatever ends the run: what was paid for is written down.
            if (_settling is { } settling)
            {
                await _desk.Journal.RecordAsync(settling);
            }
        }
    }

    private async ValueTask<StepVote> OpenAsync(long step, string state, string? tier, CancellationToken stop)
    {
        if (tier is null && _desk.Brains.Resolve(null) is null)
        {
            await _desk.Brains.WaitForAnyAsync(stop);
        }

        var asked = tier ?? _desk.Brains.Resolve(null)!;
        return new StepVote(step, state, asked, _lead);
    }

    private bool IsOver(long step, string state, out string? missing)
    {
        missing = null;
        if (_until is not null && !_isQuestion && _until.IsMatch(state))
        {
            return true;
        }

        if (step < _chain.Count)
        {
            return false;
        }

        missing = _until is null ? null : FormattableString.Invariant($"after {step:N0} steps, as many as there may be, the state is not the last one");
        return true;
    }

    /// <summary>The next tier above is asked where a step cannot be decided any more within its votes. A lead that is measured may shrink with every vote; one that the author gave does not.</summary>
    private bool MayAskMore(StepVote vote, out string? missing)
    {
        missing = null;
        while (vote.Asked + (_check.Lead is null ? 1 : vote.Needed) > _check.Most)
        {
            if (_desk.Brains.Above(vote.Tier) is not { } higher)
            {
                var what = _isQuestion ? "the question" : FormattableString.Invariant($"step {vote.Step:N0}");
                missing = $"{what} is not decided: {vote.Standing}, and at most {_check.Most} may be asked for{(vote.Silence is { } silence ? $"; no brain answered the last: {silence}" : "")}";
                return false;
            }

            vote.Escalate(higher);
        }

        return true;
    }

    /// <summary>Where no brain answered at all, it is given some time.</summary>
    private Task PauseAsync(StepVote vote, CancellationToken stop)
    {
        if (vote.Silences == 0)
        {
            return Task.CompletedTask;
        }

        var pause = FirstPause * Math.Pow(2, vote.Silences - 1);
        return Task.Delay(pause < LongestPause ? pause : LongestPause, _desk.Time, stop);
    }

    private Asking Prepare(StepVote vote)
    {
        var prompt = Prompt(vote.State);
        var mostIn = CallBound.MessageTokens + CallBound.TokensIn(prompt);
        int[] bounds = [vote.Needed, _check.Most - vote.Asked, _desk.Goal.Spec.Agents, Math.Max(1, MostCharactersAtOnce / _check.Answer.MaxCharacters)];
        return new Asking(vote.Step, vote.Batches, vote.Tier, bounds.Min(), vote.AskedInAll)
        {
            Messages = [new BrainMessage(Speaker.User, prompt)],
            MostIn = mostIn,
            MostOut = _desk.Spec.AnswerTokens,
            Money = _desk.Brains.MostMoney(vote.Tier, mostIn, _desk.Spec.AnswerTokens),
        };
    }

    private string Prompt(string state)
    {
        var format = FormattableString.Invariant($"It matches the regular expression {_check.Answer.Pattern} as a whole, and has at most {_check.Answer.MaxCharacters} characters.");
        return _isQuestion
            ? _desk.Parts.Prompts.Render("vote", ("question", _chain.Instruction), ("context", _desk.Context), ("answer-format", format))
            : _desk.Parts.Prompts.Render("step", ("instruction", _chain.Instruction), ("state", Fence.Wrap("state", state)), ("answer-format", format));
    }

    /// <summary>Writes down what the last asking brought, and sets aside what the next may cost, in one append; where that takes a flush more, because the budget is near its end, in two.</summary>
    /// <exception cref="BudgetExhaustedException">The budget does not allow it.</exception>
    private async Task ReserveAsync(Asking asking)
    {
        var reserved = new VotesReserved(asking.Step, asking.Batch, asking.Tier, asking.Votes, asking.Votes * asking.Tokens, asking.Votes * asking.Money);
        var settling = _settling;
        if (settling is not null && Lacking(reserved) is not null)
        {
            _settling = null;
            await _desk.Journal.RecordAsync(settling);
        }

        if (Lacking(reserved) is { } lacking)
        {
            throw new BudgetExhaustedException(lacking);
        }

        if (_settling is not null)
        {
            _settling = null;
            _desk.Journal.Record(settling!);
        }

        await _desk.Journal.RecordAsync(reserved);
    }

    private string? Lacking(VotesReserved reserved) => _desk.Progress.Ledger.Lacking(reserved.Tier, reserved.Votes, reserved.Tokens, reserved.Money);
}

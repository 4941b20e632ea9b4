using System.Globalization;
using Hive.Goals;

namespace Hive.Silo.Display;

/// <summary>What brains do for a goal, in sentences. A chain of steps is told now and then, however many steps there are.</summary>
/// <param name="goal">The goal's id.</param>
/// <param name="options">What <c>hive goal approve</c> needs beside the id to find the goal.</param>
internal sealed class CognitionStory(string goal, string options)
{
    /// <summary>How much of the goal's time passes between two lines about steps.</summary>
    private static readonly TimeSpan StepsEvery = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, string> _effects = new(StringComparer.Ordinal);
    private (DateTimeOffset At, long Step)? _firstStep;
    private DateTimeOffset _toldSteps;
    private string? _lastFailure;
    private long _calls;
    private long _tokens;

    /// <summary>The goal, once it was accepted.</summary>
    public GoalSpec? Spec { get; set; }

    /// <summary>How many steps a second are decided; 0 while that is not known.</summary>
    public double StepsPerSecond { get; private set; }

    /// <summary>Takes an event in.</summary>
    /// <returns>A sentence, where it is worth one.</returns>
    public string? Tell(DateTimeOffset at, GoalEvent happened) => happened switch
    {
        PlanMade plan => Plan(plan),
        CallSettled settled => Settle(settled),
        CandidateJudged judged => Judge(judged),
        AnswerJoined answer => Join(answer),
        VotesReserved reserved => Count(0, reserved.Votes),
        VotesCounted counted => Count(counted.Tokens, 0),
        StepDecided decided => Step(at, decided),
        BudgetAdded added => $"more may be spent: {Budget(added)}",
        ApprovalAsked asked => $"asks: {PlainText.Line(asked.What)} Answer with:  hive goal approve {goal} --only {asked.Id}{options}  (or --deny)",
        ApprovalGiven given => $"{given.Id} is {(given.IsApproved ? "approved" : "denied")} by {given.By}{(given.Reason is { } reason ? $": {PlainText.Line(reason)}" : "")}",
        EffectRequested requested => Request(requested),
        EffectEnded ended => $"{_effects.GetValueOrDefault(ended.Id, "a tool")} ({ended.Id}): {PlainText.Line(ended.Result)}",
        _ => null,
    };

    /// <summary>How long so many steps take at the present rate; nothing where that is not known.</summary>
    /// <param name="steps">How many are left.</param>
    public string Left(long steps) => StepsPerSecond > 0 ? $"about {Span(steps / StepsPerSecond)} left" : "";

    private static string Plan(PlanMade plan)
    {
        var attempts = plan.Tasks.Sum(task => task.Width);
        return $"plan: {Several(plan.Tasks.Length, "task")}, {Several(attempts, "attempt")}{(plan.Note is { } note ? $" ({PlainText.Line(note)})" : "")}";
    }

    private string? Settle(CallSettled settled)
    {
        _calls++;
        _tokens += settled.TokensIn + settled.TokensOut;
        if (settled.Failure is not { } failure || failure == CallSettled.NotWanted || failure == _lastFailure)
        {
            return null;
        }

        _lastFailure = failure;
        return $"call {settled.Call} failed: {PlainText.Line(failure)}";
    }

    private static string Judge(CandidateJudged judged)
    {
        var by = judged.Critics.IsEmpty ? "a program" : Several(judged.Critics.Length, "critic");
        var end = judged switch
        {
            { IsContested: true } => "they are of two minds",
            { IsAccepted: true } => "accepted",
            _ => $"refused{(judged.Faults.IsEmpty ? "" : $": {PlainText.Line(judged.Faults[0], 100)}")}",
        };
        return string.Create(CultureInfo.InvariantCulture, $"task {judged.Task}: a candidate has score {judged.Score:0.##} by {by}, {end}");
    }

    private string Join(AnswerJoined answer)
    {
        if (answer.Branch is { } branch)
        {
            return $"the change is one commit on branch {branch}";
        }

        var used = answer.Evidence.Count(evidence => evidence.IsUsed);
        var contradictions = answer.Contradictions.IsEmpty ? "" : $", {Several(answer.Contradictions.Length, "contradiction")} resolved";
        var end = answer.IsAccepted ? "accepted" : $"not accepted{(answer.Faults.IsEmpty ? "" : $": {PlainText.Line(answer.Faults[0], 100)}")}";
        var from = answer.Evidence.IsEmpty ? "the votes' answer is" : $"joined from {Several(used, "candidate")}{contradictions}:";
        return string.Create(CultureInfo.InvariantCulture, $"{from} {end}  ({Several(_calls, "call")}, {_tokens:N0} tokens so far)");
    }

    private string? Step(DateTimeOffset at, StepDecided decided)
    {
        Count(decided.Tokens, 0);
        _firstStep ??= (at, decided.Step);
        var seconds = (at - _firstStep.Value.At).TotalSeconds;
        if (seconds > 0)
        {
            StepsPerSecond = (decided.Step - _firstStep.Value.Step) / seconds;
        }

        if (Spec?.Cognition?.Steps is not { } steps)
        {
            return string.Create(CultureInfo.InvariantCulture, $"decided by {decided.Agreed} of {decided.Votes} votes, {decided.Thrown} thrown away: {PlainText.Line(decided.Answer)}");
        }

        var done = decided.Step + 1;
        if (at - _toldSteps < StepsEvery && done < steps.Count)
        {
            return null;
        }

        _toldSteps = at;
        var left = done < steps.Count ? $", {Left(steps.Count - done)}" : "";
        var rate = StepsPerSecond > 0 ? string.Create(CultureInfo.InvariantCulture, $", {StepsPerSecond:N1} steps/s{left}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"step {done:N0} of {steps.Count:N0} ({100.0 * done / steps.Count:F1} %){rate}, {_tokens:N0} tokens so far");
    }

    private string? Count(long tokens, int calls)
    {
        _tokens += tokens;
        _calls += calls;
        return null;
    }

    private string Request(EffectRequested requested)
    {
        _effects[requested.Id] = requested.Tool;
        return $"{requested.Candidate} asks for {requested.Tool} ({requested.Id}); nothing has happened yet";
    }

    private static string Budget(BudgetAdded added)
    {
        var parts = new List<string>();
        Add(added.Tokens, "tokens");
        Add((double)added.Money, "money");
        Add(added.Calls.Edge ?? 0, "calls of tier edge");
        Add(added.Calls.Worker ?? 0, "calls of tier worker");
        Add(added.Calls.Core ?? 0, "calls of tier core");
        Add(added.Seconds, "seconds");
        Add(added.Rounds, "rounds");
        return string.Join(", ", parts);

        void Add(double much, string what)
        {
            if (much > 0)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{much:#,0.####} {what}"));
            }
        }
    }

    private static string Several(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");

    private static string Span(double seconds) => seconds switch
    {
        < 100 => string.Create(CultureInfo.InvariantCulture, $"{seconds:F0} s"),
        < 6_000 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:F0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3_600:F1} h"),
    };
}

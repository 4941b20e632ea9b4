using Hive.Goals;

namespace Hive.Planning;

/// <summary>How much of the budget each agent gets in a round.</summary>
/// <remarks>
/// Evaluations are divided over some 24 rounds by their number alone, so that a seed repeats. Where there are only seconds, or where a round had to be cut short because its
/// slices took longer than a tenth of them, slices follow the measured rate: a round is to take a fifteenth of the seconds, but 0.2 s at least and 4 s at most.
/// </remarks>
internal sealed class SlicePlan(GoalBudget budget, int agents, int length)
{
    private const int UsualRounds = 24;
    private const int FewestAgents = 3;
    private const long EvaluationsOfPlace = 1_200;
    private const long FirstTimedSlice = 32;
    private const double MostGrowth = 16;

    private double _seconds;
    private double _rate;
    private long _lastSlice;
    private int _round;
    private bool _wasCut;

    public long Used { get; private set; }

    public long SpentInRound { get; private set; }

    /// <summary>How many of those could be measured.</summary>
    public long MeasuredInRound { get; private set; }

    /// <summary>Whether each agent measures a single point in all: then every strategy is a guess, and the plainest guess will do.</summary>
    public bool IsOnePointEach => budget.Rounds == 1 && budget.Evaluations < 2L * agents;

    public bool IsUsed =>
        Used >= budget.Evaluations || _seconds >= budget.Seconds || _round >= budget.Rounds;

    /// <summary>The next round: how many agents take part, each one's evaluations, how many of them get one more, and the seconds that bound each slice.</summary>
    public (int Agents, long Slice, int Remainder, double? Seconds) Next()
    {
        var (active, slice, remainder) = budget.Evaluations is { } evaluations ? ByEvaluations(evaluations) : (agents, BySeconds(agents), 0);
        if (_wasCut && budget.Evaluations is not null)
        {
            var timed = BySeconds(active);
            (slice, remainder) = timed <= slice ? (timed, 0) : (slice, remainder);
        }

        _lastSlice = slice;
        return (active, slice, remainder, SecondsOfSlice());
    }

    public void Spend(ExplorationTask task, ExplorationResult result, bool reached)
    {
        Used += result.Evaluations;
        SpentInRound += result.Evaluations;
        MeasuredInRound += result.Evaluations - result.Failures;
        _wasCut |= result.Evaluations < task.Evaluations && result.Failure is null && !reached;
    }

    public void Close(double seconds)
    {
        _seconds += Math.Max(0, seconds);
        _rate = SpentInRound > 0 ? SpentInRound / Math.Max(seconds, 1e-3) : _rate;
        SpentInRound = 0;
        MeasuredInRound = 0;
        _round++;
    }

    private (int Active, long Slice, int Remainder) ByEvaluations(long evaluations)
    {
        var rest = evaluations - Used;
        long active = agents;
        long slice;
        if (budget.Rounds is { } rounds)
        {
            slice = Math.Max(1, rest / (Math.Max(1, rounds - _round) * active));
        }
        else
        {
            active = Math.Clamp(evaluations / (EvaluationsOfPlace * (Math.Min(length, 200) + 1)), Math.Min(agents, FewestAgents), agents);
            slice = Math.Max(1, evaluations / (UsualRounds * active));
            slice = _round == 0 ? Math.Max(1, slice / 2) : slice;
        }

        if (rest >= active * slice * 3 / 2 && !IsLastRound)
        {
            return ((int)active, slice, 0);
        }

        active = Math.Min(active, rest);
        return ((int)active, rest / active, (int)(rest % active));
    }

    private bool IsLastRound => _round + 1 >= budget.Rounds;

    private long BySeconds(long active)
    {
        if (_rate == 0 || _round == 0)
        {
            return FirstTimedSlice;
        }

        var wanted = _rate * RoundSeconds / active;
        return (long)Math.Clamp(wanted, 1, Math.Max(1, _lastSlice * MostGrowth));
    }

    private double RoundSeconds => Math.Min(Math.Clamp((budget.Seconds ?? 60) / 15, 0.2, 4), Rest ?? 4);

    private double? Rest => budget.Seconds is { } seconds ? Math.Max(0, seconds - _seconds) : null;

    private double? SecondsOfSlice() => budget.Seconds is not { } seconds ? null
        : budget.Evaluations is null || _wasCut ? Math.Min(2 * RoundSeconds, Rest ?? 0)
        : Math.Min(Math.Max(0.2, seconds / 10), Rest ?? 0);
}

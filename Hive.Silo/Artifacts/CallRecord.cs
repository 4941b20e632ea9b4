using Hive.Goals;

namespace Hive.Silo.Artifacts;

/// <summary>What a call was for.</summary>
internal enum CallRole
{
    Architect,
    Attempt,
    Critic,
    Integrator,
}

/// <summary>One call to a brain, as the log tells it.</summary>
/// <param name="Id">The call's id.</param>
/// <param name="Agent">The agent that made it.</param>
/// <param name="Model">The brain's model.</param>
/// <param name="Tier">The brain's tier.</param>
/// <param name="Begun">When it was made.</param>
/// <param name="Ended">When it was over.</param>
/// <param name="Tokens">What it cost.</param>
/// <param name="Failure">Why there is no answer; absent where there is one.</param>
internal sealed record CallRecord(string Id, string Agent, string Model, string Tier, DateTimeOffset Begun, DateTimeOffset Ended, long Tokens, string? Failure)
{
    /// <summary>What it was for: its id says so.</summary>
    public CallRole Role { get; } = RoleOf(Id);

    /// <summary>The last part tells (<c>r0.t1.a2</c>, <c>r0.t1.p0f3c.c1</c>, <c>r0.join</c>); what comes before it may be a task's name, which a brain chose.</summary>
    private static CallRole RoleOf(string id)
    {
        var parts = id.Split('.');
        return parts[^1] switch
        {
            _ when parts[0].StartsWith("plan", StringComparison.Ordinal) => CallRole.Architect,
            ['c', >= '0' and <= '9', ..] => CallRole.Critic,
            ['a' or 'u', >= '0' and <= '9', ..] => CallRole.Attempt,
            _ => CallRole.Integrator,
        };
    }
}

/// <summary>Gathers a goal's calls, and the votes on its steps, from its log; both are bounded, however long the log is.</summary>
internal sealed class CallRecords
{
    /// <summary>How many calls are kept; of the others only their number.</summary>
    private const int MostCalls = 4_000;

    private readonly Dictionary<string, (DateTimeOffset At, CallReserved Call)> _open = new(StringComparer.Ordinal);

    /// <summary>The calls that are over, in the order of their ends.</summary>
    public List<CallRecord> Calls { get; } = [];

    /// <summary>How many more there were.</summary>
    public long More { get; private set; }

    /// <summary>The votes on the steps.</summary>
    public StepVotes Votes { get; } = new();

    public void Take(DateTimeOffset at, GoalEvent happened)
    {
        switch (happened)
        {
            case CallReserved reserved:
                _open[reserved.Call] = (at, reserved);
                break;
            case CallSettled settled when _open.Remove(settled.Call, out var open):
                Take(at, settled, open.At, open.Call);
                break;
            case StepDecided decided:
                Votes.Take(decided);
                break;
        }
    }

    private void Take(DateTimeOffset at, CallSettled settled, DateTimeOffset reservedAt, CallReserved reserved)
    {
        if (Calls.Count >= MostCalls)
        {
            More++;
            return;
        }

        // The silo's own time leaves out what the call waited for; a call whose process died has none.
        var begun = settled.Seconds > 0 && at.AddSeconds(-settled.Seconds) > reservedAt ? at.AddSeconds(-settled.Seconds) : reservedAt;
        var ended = settled is { IsWrittenOff: true, Seconds: 0, Failure: not CallSettled.NotWanted } ? begun : at;
        Calls.Add(new CallRecord(settled.Call, reserved.Agent, reserved.Model, reserved.Tier, begun, ended, settled.TokensIn + settled.TokensOut, settled.Failure));
    }
}

/// <summary>How many votes steps took: of a chain that is long, the means and maxima of equally long parts.</summary>
internal sealed class StepVotes
{
    private const int MostParts = 512;

    private readonly List<(long Steps, long Votes, int Most)> _parts = [];
    private long _length = 1;

    /// <summary>How many steps were decided.</summary>
    public long Steps { get; private set; }

    /// <summary>Whether each part is one step.</summary>
    public bool IsWhole => _length == 1;

    /// <summary>The parts in order: the first step of each, the mean and the most of its steps' votes.</summary>
    public IReadOnlyList<(long First, double Mean, int Most)> Parts => [.. _parts.Select((part, i) => (i * _length, (double)part.Votes / part.Steps, part.Most))];

    public void Take(StepDecided decided)
    {
        Steps++;
        var part = (int)((Steps - 1) / _length);
        if (part == MostParts)
        {
            Halve();
            part = (int)((Steps - 1) / _length);
        }

        if (part == _parts.Count)
        {
            _parts.Add(default);
        }

        var (steps, votes, most) = _parts[part];
        _parts[part] = (steps + 1, votes + decided.Votes, Math.Max(most, decided.Votes));
    }

    private void Halve()
    {
        for (var i = 0; i < MostParts / 2; i++)
        {
            var (a, b) = (_parts[2 * i], _parts[(2 * i) + 1]);
            _parts[i] = (a.Steps + b.Steps, a.Votes + b.Votes, Math.Max(a.Most, b.Most));
        }

        _parts.RemoveRange(MostParts / 2, MostParts / 2);
        _length *= 2;
    }
}

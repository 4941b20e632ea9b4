namespace Hive.Silo.Artifacts;

/// <summary>Instants on a scale of seconds that leaves out the long pauses of a goal, such as a night between two runs.</summary>
internal sealed class ActiveTime
{
    /// <summary>A pause longer than this share of the time with calls, and than <see cref="LeastPause"/>, is drawn short.</summary>
    private const double LongestPause = 0.25;

    /// <summary>A pause of so few seconds is no pause.</summary>
    private const double LeastPause = 10;

    /// <summary>How long a short pause is drawn, as a share of the time with calls.</summary>
    private const double DrawnPause = 0.03;

    private readonly List<(DateTimeOffset From, DateTimeOffset To, double At)> _stretches = [];
    private readonly List<(double At, TimeSpan Length)> _pauses = [];

    /// <param name="calls">The calls, at least one.</param>
    public ActiveTime(IEnumerable<CallRecord> calls)
    {
        var spans = Union(calls);
        var busy = Math.Max(spans.Sum(span => (span.To - span.From).TotalSeconds), 1e-3);
        var at = 0.0;
        for (var i = 0; i < spans.Count; i++)
        {
            if (i > 0)
            {
                var pause = spans[i].From - spans[i - 1].To;
                if (pause.TotalSeconds > Math.Max(LeastPause, LongestPause * busy))
                {
                    _pauses.Add((at + (DrawnPause * busy / 2), pause));
                    at += DrawnPause * busy;
                }
                else
                {
                    at += pause.TotalSeconds;
                }
            }

            _stretches.Add((spans[i].From, spans[i].To, at));
            at += (spans[i].To - spans[i].From).TotalSeconds;
        }

        Seconds = Math.Max(at, 1e-3);
    }

    /// <summary>How long the scale is.</summary>
    public double Seconds { get; }

    /// <summary>The pauses that are drawn short: where their middles are, and how long they were.</summary>
    public IReadOnlyList<(double At, TimeSpan Length)> Pauses => _pauses;

    /// <summary>The place of an instant within a call.</summary>
    public double At(DateTimeOffset instant)
    {
        var (low, high) = (0, _stretches.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = _stretches[middle].From <= instant ? (middle, high) : (low, middle - 1);
        }

        return _stretches[low].At + Math.Max(0, (instant - _stretches[low].From).TotalSeconds);
    }

    private static List<(DateTimeOffset From, DateTimeOffset To)> Union(IEnumerable<CallRecord> calls)
    {
        var spans = new List<(DateTimeOffset From, DateTimeOffset To)>();
        foreach (var call in calls.OrderBy(call => call.Begun))
        {
            if (spans.Count > 0 && call.Begun <= spans[^1].To)
            {
                spans[^1] = (spans[^1].From, call.Ended > spans[^1].To ? call.Ended : spans[^1].To);
            }
            else
            {
                spans.Add((call.Begun, call.Ended));
            }
        }

        return spans;
    }
}

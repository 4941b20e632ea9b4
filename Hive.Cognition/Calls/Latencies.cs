namespace Hive.Cognition.Calls;

/// <summary>How long calls took lately: from it follows when one that is still under way is a straggler. Not safe for use by several threads at once.</summary>
public sealed class Latencies
{
    /// <summary>How many calls are remembered.</summary>
    public const int Window = 256;

    /// <summary>How many it takes before anything is said.</summary>
    public const int Least = 20;

    private readonly double[] _seconds = new double[Window];
    private long _count;

    /// <summary>Remembers a call.</summary>
    /// <param name="seconds">How long it took, in seconds, at least 0.</param>
    public void Add(double seconds) => _seconds[_count++ % Window] = seconds;

    /// <summary>The time below which 95 % of the remembered calls ended, in seconds; absent before <see cref="Least"/> calls.</summary>
    public double? P95
    {
        get
        {
            if (_count < Least)
            {
                return null;
            }

            var sorted = _seconds.AsSpan(0, (int)Math.Min(_count, Window)).ToArray();
            Array.Sort(sorted);
            return sorted[(int)Math.Ceiling(0.95 * sorted.Length) - 1];
        }
    }
}

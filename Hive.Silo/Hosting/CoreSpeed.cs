using Hive.Randomness;

namespace Hive.Silo.Hosting;

/// <summary>How fast one core is, by a few milliseconds of integer arithmetic: what a silo is trusted with before any attempt of it was timed.</summary>
internal static class CoreSpeed
{
    private const int StepsOfRun = 100_000;
    private const int Runs = 9;

    /// <summary>Measures.</summary>
    /// <param name="time">The clock.</param>
    /// <returns>Millions of steps of <see cref="SeededRandom"/> a second, the best of several runs: what disturbs a run only makes it slower.</returns>
    public static double Measure(TimeProvider time)
    {
        var random = new SeededRandom(1);
        var (best, bits) = (0.0, 0UL);
        for (var run = 0; run < Runs; run++)
        {
            var began = time.GetTimestamp();
            for (var step = 0; step < StepsOfRun; step++)
            {
                bits ^= random.NextBits();
            }

            best = Math.Max(best, StepsOfRun / 1e6 / Math.Max(time.GetElapsedTime(began).TotalSeconds, 1e-9));
        }

        // The bits are used, so that no compiler leaves the steps out.
        return bits == 0 ? 0 : best;
    }
}

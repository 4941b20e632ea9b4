using Hive.Randomness;

namespace Hive.Research.Hedging;

/// <summary>
/// How long each silo would take for each attempt: a made-up trace with the tails that servers have (Dean and Barroso, <i>The tail at scale</i>, 2013). A silo's latencies are
/// log-normal around its own speed; now and then it is slow for a while, and one attempt in a hundred meets a pause with a Pareto tail.
/// </summary>
internal sealed class LatencyTrace
{
    /// <summary>How many silos there are.</summary>
    public const int Silos = 8;

    private const double MedianMilliseconds = 20;
    private const double Spread = 0.35;
    private const double PauseChance = 0.012;
    private const double PauseMilliseconds = 150;
    private const double PauseTail = 1.6;
    private const double SlowStarts = 0.004;
    private const double SlowEnds = 0.03;
    private const double SlowFactor = 5;
    private const double MostMilliseconds = 30_000;

    private readonly double[] _milliseconds;

    /// <summary>The trace of a seed.</summary>
    /// <param name="attempts">How many attempts.</param>
    /// <param name="random">The source of randomness.</param>
    public LatencyTrace(int attempts, SeededRandom random)
    {
        _milliseconds = new double[attempts * Silos];
        for (var silo = 0; silo < Silos; silo++)
        {
            var speed = Math.Exp(0.25 * random.NextGaussian());
            var isSlow = false;
            for (var attempt = 0; attempt < attempts; attempt++)
            {
                isSlow = isSlow ? !random.NextChance(SlowEnds) : random.NextChance(SlowStarts);
                var milliseconds = MedianMilliseconds * speed * Math.Exp(Spread * random.NextGaussian()) * (isSlow ? SlowFactor : 1);
                if (random.NextChance(PauseChance)) milliseconds += PauseMilliseconds * Math.Pow(1 - random.NextDouble(), -1 / PauseTail);
                _milliseconds[(attempt * Silos) + silo] = Math.Min(milliseconds, MostMilliseconds);
            }
        }
    }

    /// <summary>How long a silo takes for an attempt, in milliseconds.</summary>
    /// <param name="attempt">Which attempt.</param>
    /// <param name="silo">Which silo.</param>
    public double this[int attempt, int silo] => _milliseconds[(attempt * Silos) + silo];
}

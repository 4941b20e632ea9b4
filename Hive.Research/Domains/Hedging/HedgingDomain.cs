using System.Security.Cryptography;
using System.Text;
using Hive.Randomness;

namespace Hive.Research.Hedging;

/// <summary>
/// When a slow attempt should get a twin elsewhere. The metric is the 99th percentile of latency in milliseconds on a made-up trace with heavy tails, plus 2 ms for each percent of
/// extra work: twins are not free, and work that they save earns nothing. A seed is a trace; those of validation and test are different ones.
/// </summary>
public sealed class HedgingDomain : IResearchDomain
{
    private const int Attempts = 6_000;
    private const double Percentile = 0.99;
    private const double PriceOfExtraWork = 200;
    private const string Version = "hedging 1";
    private const ulong TestPart = 0x7465_7374;

    /// <inheritdoc/>
    public string Name => "hedging";

    /// <inheritdoc/>
    public string Metric => "p99 latency and cost (ms, synthetic trace)";

    /// <inheritdoc/>
    public Direction Direction => Direction.Minimize;

    /// <inheritdoc/>
    public TechniqueSpace Space => HedgingOptions.Space;

    /// <inheritdoc/>
    public WorkBudget Budget { get; } = new(Attempts, "attempts");

    /// <inheritdoc/>
    public Configuration Baseline => HedgingOptions.Baseline;

    /// <inheritdoc/>
    public string Fingerprint { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Version}, {Attempts} attempts")));

    /// <inheritdoc/>
    public ValueTask<ExperimentResult> RunAsync(Configuration configuration, ulong seed, DataPart part, CancellationToken cancellation)
    {
        if (Space.Mistake(configuration) is { } mistake) throw new ArgumentException(mistake, nameof(configuration));
        cancellation.ThrowIfCancellationRequested();
        var random = new SeededRandom(part == DataPart.Validation ? seed : SeededRandom.Mix(seed, TestPart));
        var simulation = new HedgingSimulation(new LatencyTrace(Attempts, random), HedgingOptions.Of(configuration), random);
        var (latencies, extra) = simulation.Run(Attempts);
        Array.Sort(latencies);
        return ValueTask.FromResult(new ExperimentResult(latencies[(int)(Percentile * Attempts)] + (PriceOfExtraWork * Math.Max(0, extra)), Attempts));
    }
}

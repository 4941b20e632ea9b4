using Hive.Research;

namespace Hive.Grains.Tests.Research;

/// <summary>A domain that costs nothing, and that fails in whatever way a test wants.</summary>
internal sealed class Field : IResearchDomain
{
    private int _runs;

    public Func<int, bool> Hangs { get; init; } = _ => false;

    public Func<int, bool> Throws { get; init; } = _ => false;

    public Func<int, bool> Lacks { get; init; } = _ => false;

    public int Data { get; init; } = 1;

    public string Name => "field";

    public string Metric => "height";

    public Direction Direction => Direction.Maximize;

    public TechniqueSpace Space { get; } = new([new RealTechnique("x", -1, 1), new RealTechnique("y", -1, 1), new CategoricalTechnique("way", ["a", "b", "c"])]);

    public WorkBudget Budget { get; } = new(1, "looks");

    public Configuration Baseline { get; } = new([0, 0, 0]);

    public string Fingerprint => new(Data.ToString(System.Globalization.CultureInfo.InvariantCulture)[0], 64);

    public async ValueTask<ExperimentResult> RunAsync(Configuration configuration, ulong seed, DataPart part, CancellationToken cancellation)
    {
        var run = Interlocked.Increment(ref _runs);
        if (Throws(run)) throw new InvalidOperationException("broken");
        if (Hangs(run)) await Task.Delay(Timeout.Infinite, cancellation);
        var (x, y) = (configuration[0] - 0.3, configuration[1] + 0.6);
        return new ExperimentResult(Lacks(run) ? double.NaN : configuration[2] - (x * x) - (y * y) + ((seed % 1000) * 1e-5), 1);
    }
}

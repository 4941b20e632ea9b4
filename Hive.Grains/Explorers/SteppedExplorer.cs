using System.Collections.Immutable;
using Hive.Evaluators;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Explorers;

/// <summary>Turns a search written as one endless method, which fills the batch, yields it and then reads its scores, into an explorer.</summary>
internal abstract class SteppedExplorer(SearchSpace space, MetricDirection direction, ulong seed, ImmutableArray<Elite> elites) : IExplorer
{
    private readonly double _sign = direction == MetricDirection.Maximize ? -1 : 1;
    private IEnumerator<Batch>? _steps;
    private SeededRandom? _random;
    private Batch? _batch;
    private int _answered;

    protected UnitScale Scale { get; } = space.Scale;

    protected SeededRandom Random => _random ??= new SeededRandom(seed);

    protected Batch Batch => _batch ??= new Batch(Scale.Length);

    /// <summary>The best points known elsewhere, best first.</summary>
    protected ImmutableArray<Elite> Elites { get; private set; } = elites;

    /// <summary>How many times other elites were heard of.</summary>
    protected int Heard { get; private set; }

    public IReadOnlyList<double[]> Ask(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        var batch = Batch;
        if (_answered == batch.Size)
        {
            _steps ??= Search().GetEnumerator();
            _steps.MoveNext();
            _answered = 0;
        }

        batch.Show(_answered, Math.Min(most, batch.Size - _answered));
        return batch;
    }

    public void Tell(ReadOnlySpan<Measurement> measurements)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(measurements.Length, Batch.Count);
        foreach (ref readonly var measurement in measurements)
        {
            Batch.ScoreAt(_answered++) = Score.Of(measurement, _sign);
        }

        Batch.Show(_answered, 0);
    }

    public void Hear(ImmutableArray<Elite> elites)
    {
        Elites = elites;
        Heard++;
    }

    /// <summary>The search: without end; each step yields a batch of at least one point.</summary>
    protected abstract IEnumerable<Batch> Search();

    /// <summary>Puts a genome into the batch.</summary>
    protected void Add(ReadOnlySpan<double> genome) => Scale.Decode(genome, Batch.Add());

    protected Score ScoreOf(Elite elite) => new(_sign * elite.Metric, elite.Violation);

    protected double[] GenomeOf(Elite elite) => Scale.Encode(elite.Point.AsSpan());
}

using System.Collections.Immutable;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Explorers;

/// <summary>Points drawn uniformly: the yardstick for the others, and what finds the unexpected (Bergstra and Bengio, 2012).</summary>
internal sealed class RandomSearch(SearchSpace space, MetricDirection direction, ulong seed, ImmutableArray<Elite> elites)
    : SteppedExplorer(space, direction, seed, elites)
{
    /// <summary>The strategy's name in tasks and reports.</summary>
    public const string Name = "random";

    private const int LargestBatch = 32;

    protected override IEnumerable<Batch> Search()
    {
        var genome = new double[Scale.Length];

        // Small at first: many an agent is asked for a single point.
        for (var size = 1; ; size = Math.Min(2 * size, LargestBatch))
        {
            Batch.Clear();
            for (var i = 0; i < size; i++)
            {
                Scale.Draw(Random, genome);
                Add(genome);
            }

            yield return Batch;
        }
    }
}

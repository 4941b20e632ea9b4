using System.Collections.Immutable;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Explorers;

/// <summary>Points drawn uniformly: the yardstick for the others, and what finds the unexpected (Bergstra and Bengio, 2012).</summary>
internal sealed class RandomSearch(SearchSpace space, MetricDirection direction, ulong seed, ImmutableArray<Elite> elites)
    : SteppedExplorer(space, direction, seed, elites)
{
    private const int BatchSize = 32;

    protected override IEnumerable<Batch> Search()
    {
        var genome = new double[Scale.Length];
        while (true)
        {
            Batch.Clear();
            for (var i = 0; i < BatchSize; i++)
            {
                Scale.Draw(Random, genome);
                Add(genome);
            }

            yield return Batch;
        }
    }
}

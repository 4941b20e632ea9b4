using System.Collections.Immutable;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Explorers;

/// <summary>The strategies there are, and an explorer for each.</summary>
public static class ExplorerFactory
{
    private static readonly ImmutableArray<Strategy> All =
    [
        new("quasi-newton", space => space.Scale.Reals.Length > 0, (space, direction, seed, elites) => new QuasiNewton(space, direction, seed, elites)),
        new("cma-es", space => space.Scale.Numbers.Length > 0, (space, direction, seed, elites) => new CmaEs(space, direction, seed, elites)),
        new("local-mutation", _ => true, (space, direction, seed, elites) => new LocalMutation(space, direction, seed, elites)),
        new("tpe", _ => true, (space, direction, seed, elites) => new TreeParzen(space, direction, seed, elites)),
        new("pattern-search", _ => true, (space, direction, seed, elites) => new PatternSearch(space, direction, seed, elites)),
        new("differential-evolution", _ => true, (space, direction, seed, elites) => new DifferentialEvolution(space, direction, seed, elites)),
        new("elite-crossover", _ => true, (space, direction, seed, elites) => new EliteCrossover(space, direction, seed, elites)),
        new(RandomSearch.Name, _ => true, (space, direction, seed, elites) => new RandomSearch(space, direction, seed, elites)),
    ];

    /// <summary>The names of the strategies that can search a space, the most promising first.</summary>
    /// <param name="space">The space.</param>
    public static ImmutableArray<string> StrategiesFor(SearchSpace space) => [.. All.Where(strategy => strategy.IsApplicable(space)).Select(strategy => strategy.Name)];

    /// <summary>A new explorer. It costs little until it is first asked.</summary>
    /// <param name="strategy">One of <see cref="StrategiesFor"/> the space.</param>
    /// <param name="space">What to search.</param>
    /// <param name="metric">Which way is better.</param>
    /// <param name="seed">Where its random choices start from.</param>
    /// <param name="elites">The best points known, best first; may be empty.</param>
    /// <exception cref="ArgumentException">There is no such strategy.</exception>
    public static IExplorer Create(string strategy, SearchSpace space, MetricCheck metric, ulong seed, ImmutableArray<Elite> elites)
    {
        foreach (var candidate in All)
        {
            if (candidate.Name == strategy)
            {
                return candidate.Create(space, metric.Direction, seed, elites);
            }
        }

        throw new ArgumentException($"there is no strategy '{strategy}'; there are {string.Join(", ", All.Select(one => one.Name))}", nameof(strategy));
    }

    private sealed record Strategy(
        string Name, Func<SearchSpace, bool> IsApplicable, Func<SearchSpace, MetricDirection, ulong, ImmutableArray<Elite>, IExplorer> Create);
}

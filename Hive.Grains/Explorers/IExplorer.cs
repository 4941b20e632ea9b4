using System.Collections.Immutable;
using Hive.Evaluators;
using Hive.Goals;

namespace Hive.Explorers;

/// <summary>A strategy with its own memory that asks for points to be measured and is told the answers. It needs no model, knows no grain and repeats exactly from its seed.</summary>
public interface IExplorer
{
    /// <summary>The next points to measure. Where the last ones were not all answered, the unanswered ones come again.</summary>
    /// <param name="most">How many are wanted at most, at least 1.</param>
    /// <returns>One to <paramref name="most"/> points inside the space. They belong to the explorer, which leaves them as they are until it is told their measurements.</returns>
    IReadOnlyList<double[]> Ask(int most);

    /// <summary>The measurements of the points last asked for, in their order. A failed one carries no metric.</summary>
    /// <param name="measurements">As many as were asked for; fewer where the slice of the budget ended in between.</param>
    void Tell(ReadOnlySpan<Measurement> measurements);

    /// <summary>What the goal's other agents have found since; the explorer may build on it from its next step on.</summary>
    /// <param name="elites">The best points known, best first; may be empty.</param>
    void Hear(ImmutableArray<Elite> elites);
}

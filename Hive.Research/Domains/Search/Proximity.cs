namespace Hive.Research.Search;

/// <summary>Raises documents that have many of the query's terms, and have them near each other.</summary>
/// <param name="index">The index.</param>
/// <param name="options">How near, and how much it counts.</param>
internal sealed class Proximity(InvertedIndex index, RankingOptions options)
{
    /// <summary>For each term its place in the query, from 1; 0 where it is not there.</summary>
    private readonly int[] _places = new int[index.TermCount];

    /// <summary>Scores the best documents again and sorts them.</summary>
    /// <param name="terms">The query's terms in their order.</param>
    /// <param name="top">The best documents.</param>
    public void Rerank(int[] terms, TopList top)
    {
        if ((options.ProximityWeight == 0 && options.CoverageWeight == 0) || terms.Length == 0) return;
        for (var i = 0; i < terms.Length; i++) _places[terms[i]] = i + 1;
        foreach (ref var entry in top.Entries)
        {
            var (nearness, coverage) = Measure(index.TokensOf(entry.Item), terms.Length);
            entry = entry with { Score = entry.Score + (options.ProximityWeight * nearness) + (options.CoverageWeight * coverage) };
        }

        top.Sort();
        foreach (var term in terms) _places[term] = 0;
    }

    /// <summary>Both from 0 to 1: 1/distance summed over neighbouring terms of the query in the query's order, and the share of the query's terms that are there.</summary>
    private (double Nearness, double Coverage) Measure(ReadOnlySpan<int> tokens, int wanted)
    {
        var (nearness, seen) = (0.0, 0UL);
        var (lastAt, lastPlace) = (-1, 0);
        for (var at = 0; at < tokens.Length; at++)
        {
            var place = _places[tokens[at]];
            if (place == 0) continue;
            if (lastAt >= 0 && place > lastPlace && at - lastAt <= options.ProximityWindow) nearness += 1.0 / (at - lastAt);
            seen |= 1UL << Math.Min(place, 63);
            (lastAt, lastPlace) = (at, place);
        }

        return (Math.Min(1, nearness / Math.Max(1, wanted - 1)), Math.Min(1, System.Numerics.BitOperations.PopCount(seen) / (double)wanted));
    }
}

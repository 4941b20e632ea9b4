namespace Hive.Research.Search;

/// <summary>
/// The normalised discounted cumulative gain: Σ gain/log₂(rank + 1) over the first ten, divided by what the best order would have (Järvelin and Kekäläinen, <i>Cumulated
/// gain-based evaluation of IR techniques</i>, 2002).
/// </summary>
internal static class Ndcg
{
    private const double TargetGain = 3;
    private const double SiblingGain = 1;

    /// <summary>From 0, nothing found, to 1, the best order.</summary>
    /// <param name="ranked">What was found, best first.</param>
    /// <param name="query">What was looked for.</param>
    public static double Of(ReadOnlySpan<int> ranked, KnownItemQuery query)
    {
        var (gained, ideal) = (0.0, TargetGain);
        for (var rank = 1; rank <= Math.Min(Ranker.Depth, ranked.Length); rank++)
        {
            var document = ranked[rank - 1];
            var gain = document == query.Target ? TargetGain : query.Siblings.Contains(document) ? SiblingGain : 0;
            gained += gain / Math.Log2(rank + 1);
        }

        for (var rank = 2; rank <= Math.Min(Ranker.Depth, query.Siblings.Length + 1); rank++) ideal += SiblingGain / Math.Log2(rank + 1);
        return gained / ideal;
    }
}

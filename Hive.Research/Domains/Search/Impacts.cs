namespace Hive.Research.Search;

/// <summary>What a term adds to the score of each document that has it. Computed when it is first asked for, because the queries of an experiment share their common terms.</summary>
/// <param name="index">The index.</param>
/// <param name="fill">Computes the impacts of one term's postings.</param>
internal sealed class Impacts(InvertedIndex index, Action<int, Span<double>> fill)
{
    private readonly double[]?[] _impacts = new double[]?[index.TermCount];

    /// <summary>The impacts of a term, in the order of its postings.</summary>
    /// <param name="term">The term.</param>
    public ReadOnlySpan<double> Of(int term)
    {
        if (_impacts[term] is { } known) return known;
        var impacts = new double[index.PostingsOf(term).Length];
        fill(term, impacts);
        return _impacts[term] = impacts;
    }
}

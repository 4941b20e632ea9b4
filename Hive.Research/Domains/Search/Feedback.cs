namespace Hive.Research.Search;

/// <summary>
/// Pseudo-relevance feedback: the terms that stand out in the best documents join the query (the RM3 form of Lavrenko and Croft's relevance model; Abdul-Jaleel et al.,
/// <i>UMass at TREC 2004</i>).
/// </summary>
/// <param name="index">The index.</param>
/// <param name="options">How many documents and terms, and how much they count.</param>
internal sealed class Feedback(InvertedIndex index, RankingOptions options)
{
    private readonly double[] _weights = new double[index.TermCount];
    private readonly List<int> _seen = [];
    private readonly TopList _best = new(options.FeedbackTerms);

    /// <summary>The query with feedback; its weights add up to what they did.</summary>
    /// <param name="terms">The query.</param>
    /// <param name="top">The best documents for it, sorted.</param>
    public List<WeightedTerm> Expand(List<WeightedTerm> terms, TopList top)
    {
        foreach (var entry in top.Entries[..Math.Min(options.FeedbackDocuments, top.Count)]) Add(index.TokensOf(entry.Item), entry.Score);
        _best.Clear();
        foreach (var term in _seen)
        {
            _best.Offer(term, _weights[term] * Math.Log(index.Count / (double)index.PostingsOf(term).Length));
            _weights[term] = 0;
        }

        _seen.Clear();
        _best.Sort();
        var (before, after) = (0.0, 0.0);
        foreach (var term in terms) before += term.Weight;
        foreach (var best in _best.Entries) after += best.Score;
        List<WeightedTerm> expanded = [.. terms.Select(term => term with { Weight = (1 - options.FeedbackWeight) * term.Weight })];
        foreach (var best in _best.Entries)
        {
            if (best.Score > 0) expanded.Add(new WeightedTerm(best.Item, options.FeedbackWeight * before * best.Score / after));
        }

        return expanded;
    }

    private void Add(ReadOnlySpan<int> tokens, double score)
    {
        foreach (var token in tokens)
        {
            if (_weights[token] == 0) _seen.Add(token);
            _weights[token] += score / tokens.Length;
        }
    }
}

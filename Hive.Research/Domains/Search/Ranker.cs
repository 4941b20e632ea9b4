namespace Hive.Research.Search;

/// <summary>Ranks the documents of an index by the options of one experiment. It holds scratch memory, so one thread uses it at a time.</summary>
internal sealed class Ranker
{
    /// <summary>How many documents a query finds.</summary>
    public const int Depth = 10;

    private const int RerankedDepth = 60;
    private const double GuessWeight = 0.7;
    private const double LeastNorm = 0.05;

    private readonly InvertedIndex _index;
    private readonly RankingOptions _options;
    private readonly double[] _lengths;
    private readonly double[] _norms;
    private readonly Impacts _frequencyImpacts;
    private readonly Impacts? _likelihoodImpacts;
    private readonly double[] _scores;
    private readonly double[] _likelihoods;
    private readonly bool[] _isTouched;
    private readonly List<int> _touched = [];
    private readonly TopList _top = new(RerankedDepth);
    private readonly Feedback _feedback;
    private readonly Proximity _proximity;

    /// <summary>A ranker for one experiment.</summary>
    /// <param name="index">The index.</param>
    /// <param name="options">How to rank.</param>
    public Ranker(InvertedIndex index, RankingOptions options)
    {
        (_index, _options) = (index, options);
        _lengths = new double[index.Count];
        _norms = new double[index.Count];
        _scores = new double[index.Count];
        _likelihoods = new double[index.Count];
        _isTouched = new bool[index.Count];
        _feedback = new Feedback(index, options);
        _proximity = new Proximity(index, options);
        for (var document = 0; document < index.Count; document++)
        {
            var (title, summary) = (index.TitleLengths[document], index.SummaryLengths[document]);
            _lengths[document] = (title * options.TitleWeight) + (summary * options.SummaryWeight) + (index.TokensOf(document).Length - title - summary);
        }

        var mean = Statistics.Sample.Mean(_lengths);
        for (var document = 0; document < index.Count; document++) _norms[document] = 1 - options.B + (options.B * _lengths[document] / mean);
        _frequencyImpacts = new Impacts(index, FillFrequencies);
        _likelihoodImpacts = options.LikelihoodWeight > 0 ? new Impacts(index, FillLikelihoods) : null;
    }

    /// <summary>The best documents for a query, best first, at most <see cref="Depth"/>.</summary>
    /// <param name="query">The query, prepared for the same index.</param>
    public int[] Rank(PreparedQuery query)
    {
        var terms = Terms(query);
        Score(terms);
        if (_options.FeedbackDocuments > 0 && _options.FeedbackWeight > 0 && _top.Count > 0)
        {
            Score(_feedback.Expand(terms, _top));
        }

        _proximity.Rerank(query.Known, _top);
        int[] best = [.. _top.Entries[..Math.Min(Depth, _top.Count)].ToArray().Select(entry => entry.Item)];
        return best;
    }

    private List<WeightedTerm> Terms(PreparedQuery query)
    {
        List<WeightedTerm> terms = [.. query.Known.Select(term => new WeightedTerm(term, 1))];
        var guesses = _options.Misspelling switch
        {
            Misspelling.Prefix => query.SamePrefix,
            Misspelling.Edit => query.OneEditAway,
            _ => [],
        };
        terms.AddRange(guesses.Select(term => new WeightedTerm(term, GuessWeight)));
        var most = _options.StopShare * _index.Count;
        var rare = terms.FindAll(term => _index.PostingsOf(term.Term).Length <= most);

        // A query of nothing but common words is asked as it is.
        return rare.Count > 0 ? rare : terms;
    }

    private void Score(List<WeightedTerm> terms)
    {
        foreach (var document in _touched) (_scores[document], _likelihoods[document], _isTouched[document]) = (0, 0, false);
        _touched.Clear();
        foreach (var term in terms) Add(term);
        Select(terms.Sum(term => term.Weight));
    }

    private void Add(WeightedTerm term)
    {
        var postings = _index.PostingsOf(term.Term);
        var frequencies = _frequencyImpacts.Of(term.Term);
        var likelihoods = _likelihoodImpacts is null ? [] : _likelihoodImpacts.Of(term.Term);
        for (var i = 0; i < postings.Length; i++)
        {
            var document = postings[i].Document;
            if (!_isTouched[document])
            {
                _isTouched[document] = true;
                _touched.Add(document);
            }

            _scores[document] += term.Weight * frequencies[i];
            if (likelihoods.Length > 0) _likelihoods[document] += term.Weight * likelihoods[i];
        }
    }

    /// <summary>BM25 over fields: frequencies are weighted and added before they saturate (Robertson, Zaragoza and Taylor, <i>Simple BM25 extension to multiple weighted fields</i>, 2004).</summary>
    /// <param name="term">The term.</param>
    /// <param name="impacts">Receives what the term adds to each of its documents.</param>
    internal void FillFrequencies(int term, Span<double> impacts)
    {
        var postings = _index.PostingsOf(term);
        var odds = (_index.Count - postings.Length + 0.5) / (postings.Length + 0.5);
        var weight = _options.Rarity switch
        {
            Rarity.Robertson => Math.Log(odds),
            Rarity.Smooth => Math.Log(1 + odds),
            _ => 1,
        };
        for (var i = 0; i < postings.Length; i++)
        {
            var (frequency, norm) = (Frequency(postings[i]), Math.Max(_norms[postings[i].Document], LeastNorm));
            impacts[i] = weight * _options.Saturation switch
            {
                Saturation.Bm25 => frequency * (_options.K1 + 1) / (frequency + (_options.K1 * norm)),
                Saturation.Bm25Plus => 1 + (frequency * (_options.K1 + 1) / (frequency + (_options.K1 * norm))),
                Saturation.Logarithm => Math.Log(1 + (frequency / norm)),
                _ => frequency / norm,
            };
        }
    }

    /// <summary>Query likelihood with a Dirichlet prior, Σ log((f + μ·p)/(|d| + μ)), as Σ log(1 + f/(μ·p)) over the terms there (Zhai and Lafferty, <i>A study of smoothing methods</i>, 2004).</summary>
    private void FillLikelihoods(int term, Span<double> impacts)
    {
        var postings = _index.PostingsOf(term);
        var prior = _options.Mu * _index.FrequencyOf(term) / _index.TokenCount;
        for (var i = 0; i < postings.Length; i++) impacts[i] = Math.Log(1 + (Frequency(postings[i]) / prior));
    }

    private double Frequency(Posting posting) => (posting.Title * _options.TitleWeight) + (posting.Summary * _options.SummaryWeight) + posting.Details;

    /// <summary>Keeps the best by the two scores together, each brought to 0 … 1.</summary>
    private void Select(double queryWeight)
    {
        _top.Clear();
        if (_options.LikelihoodWeight > 0)
        {
            foreach (var document in _touched) _likelihoods[document] += queryWeight * Math.Log(_options.Mu / (_lengths[document] + _options.Mu));
        }

        var (scores, likelihoods) = (Range(_scores), Range(_likelihoods));
        foreach (var document in _touched)
        {
            var score = (1 - _options.LikelihoodWeight) * scores.Place(_scores[document]);
            if (_options.LikelihoodWeight > 0) score += _options.LikelihoodWeight * likelihoods.Place(_likelihoods[document]);
            _top.Offer(document, score);
        }

        _top.Sort();
    }

    private ScoreRange Range(double[] values)
    {
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var document in _touched)
        {
            least = Math.Min(least, values[document]);
            most = Math.Max(most, values[document]);
        }

        return new ScoreRange(least, most);
    }

    private readonly record struct ScoreRange(double Least, double Most)
    {
        public double Place(double value) => Most > Least ? (value - Least) / (Most - Least) : 1;
    }
}

/// <summary>A term of a query and how much it counts.</summary>
/// <param name="Term">The term.</param>
/// <param name="Weight">Above 0.</param>
internal readonly record struct WeightedTerm(int Term, double Weight);

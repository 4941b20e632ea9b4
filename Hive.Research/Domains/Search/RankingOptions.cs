using System.Collections.Immutable;

namespace Hive.Research.Search;

/// <summary>How much a rare term counts.</summary>
internal enum Rarity
{
    /// <summary>log((N − n + ½)/(n + ½)), which is below 0 for a term of more than half of the documents (Robertson and Spärck Jones, 1976).</summary>
    Robertson,

    /// <summary>log(1 + (N − n + ½)/(n + ½)), never below 0.</summary>
    Smooth,

    /// <summary>Every term counts the same.</summary>
    None,
}

/// <summary>How much it counts that a term stands in a document again and again.</summary>
internal enum Saturation
{
    /// <summary>f·(k₁ + 1)/(f + k₁·B): BM25.</summary>
    Bm25,

    /// <summary>The same and 1 for standing there at all: BM25+ (Lv and Zhai, <i>Lower-bounding term frequency normalization</i>, 2011).</summary>
    Bm25Plus,

    /// <summary>log(1 + f/B).</summary>
    Logarithm,

    /// <summary>f/B: no saturation.</summary>
    Linear,
}

/// <summary>What becomes of words that no document has.</summary>
internal enum Misspelling
{
    /// <summary>They are left out.</summary>
    Ignore,

    /// <summary>Terms that begin the same stand in for them.</summary>
    Prefix,

    /// <summary>Terms that are one edit away stand in for them.</summary>
    Edit,
}

/// <summary>A point of the search domain's space with names.</summary>
internal sealed record RankingOptions
{
    /// <summary>What may be varied.</summary>
    public static TechniqueSpace Space { get; } = new(
    [
        new CategoricalTechnique("identifiers", ["whole", "split"]),
        new CategoricalTechnique("stemming", ["none", "plural", "suffixes"]),
        new CategoricalTechnique("misspelling", ["ignore", "prefix", "edit"]),
        new CategoricalTechnique("idf", ["robertson", "smooth", "none"]),
        new CategoricalTechnique("saturation", ["bm25", "bm25plus", "logarithm", "linear"]),
        new LogRealTechnique("k1", 0.05, 10),
        new RealTechnique("b", 0, 1),
        new LogRealTechnique("title-weight", 0.1, 20),
        new LogRealTechnique("summary-weight", 0.1, 20),
        new LogRealTechnique("stop-share", 0.003, 1),
        new RealTechnique("likelihood-weight", 0, 1),
        new LogRealTechnique("mu", 5, 5000),
        new IntegerTechnique("feedback-documents", 0, 10),
        new IntegerTechnique("feedback-terms", 1, 20),
        new RealTechnique("feedback-weight", 0, 0.8),
        new RealTechnique("proximity-weight", 0, 1),
        new IntegerTechnique("proximity-window", 1, 12),
        new RealTechnique("coverage-weight", 0, 1),
    ]);

    /// <summary>BM25 with the usual constants, over words as they stand.</summary>
    public static Configuration Baseline { get; } = new([0, 0, 0, 0, 0, 1.2, 0.75, 1, 1, 1, 0, 1000, 0, 10, 0, 0, 1, 0]);

    /// <summary>Whether identifiers fall into their parts.</summary>
    public required bool Split { get; init; }

    /// <summary>What becomes of endings.</summary>
    public required Stemming Stemming { get; init; }

    /// <summary>What becomes of words that no document has.</summary>
    public required Misspelling Misspelling { get; init; }

    /// <summary>How much a rare term counts.</summary>
    public required Rarity Rarity { get; init; }

    /// <summary>How much it counts that a term stands in a document again and again.</summary>
    public required Saturation Saturation { get; init; }

    /// <summary>BM25's k₁: how late frequency saturates.</summary>
    public required double K1 { get; init; }

    /// <summary>BM25's b: how much a long document pays.</summary>
    public required double B { get; init; }

    /// <summary>How often a word of the title counts; one of the details counts once.</summary>
    public required double TitleWeight { get; init; }

    /// <summary>How often a word of the summary counts.</summary>
    public required double SummaryWeight { get; init; }

    /// <summary>Terms that stand in more than this share of the documents are left out.</summary>
    public required double StopShare { get; init; }

    /// <summary>The share of the query likelihood in the score; the rest is BM25's.</summary>
    public required double LikelihoodWeight { get; init; }

    /// <summary>The μ of the query likelihood's Dirichlet prior.</summary>
    public required double Mu { get; init; }

    /// <summary>How many of the best documents give the query more terms; 0 is no feedback.</summary>
    public required int FeedbackDocuments { get; init; }

    /// <summary>How many terms they give.</summary>
    public required int FeedbackTerms { get; init; }

    /// <summary>The share of those terms in the new query.</summary>
    public required double FeedbackWeight { get; init; }

    /// <summary>How much it counts that the query's terms stand near each other.</summary>
    public required double ProximityWeight { get; init; }

    /// <summary>How near, in words.</summary>
    public required int ProximityWindow { get; init; }

    /// <summary>How much it counts that many of the query's terms are there.</summary>
    public required double CoverageWeight { get; init; }

    /// <summary>Names a point's values.</summary>
    /// <param name="configuration">A point of <see cref="Space"/>.</param>
    public static RankingOptions Of(Configuration configuration) => new()
    {
        Split = configuration[0] == 1,
        Stemming = (Stemming)configuration[1],
        Misspelling = (Misspelling)configuration[2],
        Rarity = (Rarity)configuration[3],
        Saturation = (Saturation)configuration[4],
        K1 = configuration[5],
        B = configuration[6],
        TitleWeight = configuration[7],
        SummaryWeight = configuration[8],
        StopShare = configuration[9],
        LikelihoodWeight = configuration[10],
        Mu = configuration[11],
        FeedbackDocuments = (int)configuration[12],
        FeedbackTerms = (int)configuration[13],
        FeedbackWeight = configuration[14],
        ProximityWeight = configuration[15],
        ProximityWindow = (int)configuration[16],
        CoverageWeight = configuration[17],
    };
}

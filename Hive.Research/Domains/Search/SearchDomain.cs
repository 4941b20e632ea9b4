using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hive.Randomness;
using Hive.Research.Text;

namespace Hive.Research.Search;

/// <summary>
/// Finding the documentation of a member that somebody remembers badly: BM25 and what can be done to it, over the .NET reference documentation. The metric is NDCG@10 of
/// known-item queries; those of validation and test look for different documents.
/// </summary>
public sealed class SearchDomain : IResearchDomain
{
    private const int MaxCharacters = 2_200_000;
    private const int MaxDocuments = 6_000;
    private const int LeastDocuments = 100;
    private const ulong QuerySeed = 20_26;
    private const string Version = "search 1";

    private readonly IReadOnlyList<TextDocument> _documents;
    private readonly KnownItemQuery[] _validation;
    private readonly KnownItemQuery[] _test;
    private readonly Lazy<Variant>[] _variants;

    private SearchDomain(IReadOnlyList<TextDocument> documents, int queries)
    {
        _documents = documents;

        // The seed of an experiment chooses its queries: nine in ten of those for validation, so that values of two seeds compare, and a third of those held back.
        var made = KnownItemQueries.Make(documents, (queries * 10 / 9) + (3 * queries), new SeededRandom(QuerySeed));
        var split = made.Count * 10 / 37;
        _validation = [.. made[..split]];
        _test = [.. made[split..]];
        Budget = new WorkBudget(Math.Min(queries, split * 9 / 10), "queries");
        Fingerprint = FingerprintOf(documents, Budget);
        _variants = [.. from identifiers in Enumerable.Range(0, 2) from stemming in Enum.GetValues<Stemming>() select new Lazy<Variant>(() => Build(identifiers == 1, stemming))];
    }

    /// <inheritdoc/>
    public string Name => "search";

    /// <inheritdoc/>
    public string Metric => "NDCG@10 (0 to 1)";

    /// <inheritdoc/>
    public Direction Direction => Direction.Maximize;

    /// <inheritdoc/>
    public TechniqueSpace Space => RankingOptions.Space;

    /// <inheritdoc/>
    public WorkBudget Budget { get; }

    /// <inheritdoc/>
    public Configuration Baseline => RankingOptions.Baseline;

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <summary>The domain over the documentation of this machine's .NET SDK.</summary>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="FileNotFoundException">There is no reference pack; the message says what to do.</exception>
    /// <exception cref="FormatException">A file of the pack is damaged; the message names it.</exception>
    public static SearchDomain OfReferenceDocumentation(CancellationToken cancellation) => Of(ReferenceDocumentation.Read(MaxCharacters, cancellation));

    /// <summary>The domain over documents of one's own; the first 6,000 count.</summary>
    /// <param name="documents">100 documents or more.</param>
    /// <param name="queries">How many queries an experiment asks, above 0; fewer where there are too few documents with 8 words and more.</param>
    /// <exception cref="FormatException">There are too few documents.</exception>
    public static SearchDomain Of(IReadOnlyList<TextDocument> documents, int queries = 400)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(queries);
        var domain = new SearchDomain([.. documents.Take(MaxDocuments)], queries);
        return domain._documents.Count >= LeastDocuments && domain.Budget.Amount > 0
            ? domain
            : throw new FormatException($"search needs {LeastDocuments} documents, some of 8 words and more; there are {domain._documents.Count}: give a longer text");
    }

    /// <inheritdoc/>
    public ValueTask<ExperimentResult> RunAsync(Configuration configuration, ulong seed, DataPart part, CancellationToken cancellation)
    {
        if (Space.Mistake(configuration) is { } mistake) throw new ArgumentException(mistake, nameof(configuration));
        var options = RankingOptions.Of(configuration);
        var variant = _variants[((options.Split ? 1 : 0) * 3) + (int)options.Stemming].Value;
        var ranker = new Ranker(variant.Index, options);
        var queries = part == DataPart.Validation ? variant.Validation : variant.Test;
        var order = Enumerable.Range(0, queries.Length).Select(place => (double)place).ToArray();
        new SeededRandom(seed).Shuffle(order);
        var sum = 0.0;
        foreach (int place in order.AsSpan(0, (int)Budget.Amount))
        {
            cancellation.ThrowIfCancellationRequested();
            sum += Ndcg.Of(ranker.Rank(queries[place]), queries[place].Query);
        }

        return ValueTask.FromResult(new ExperimentResult(sum / Budget.Amount, Budget.Amount));
    }

    private static string FingerprintOf(IReadOnlyList<TextDocument> documents, WorkBudget budget)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(string.Create(CultureInfo.InvariantCulture, $"{Version}, {budget.Amount} queries, {documents.Count} documents"));
        foreach (var document in documents)
        {
            Append(document.Name);
            Append(document.Text);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(string text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }
    }

    private Variant Build(bool split, Stemming stemming)
    {
        var index = new InvertedIndex(_documents, split, stemming);
        return new Variant(index, [.. _validation.Select(query => PreparedQuery.Of(query, index))], [.. _test.Select(query => PreparedQuery.Of(query, index))]);
    }

    private sealed record Variant(InvertedIndex Index, PreparedQuery[] Validation, PreparedQuery[] Test);
}

using FsCheck;
using FsCheck.Fluent;
using Hive.Randomness;
using Hive.Research.Search;
using Hive.Research.Text;

namespace Hive.Research.Tests.Domains.Search;

public sealed class SearchDomainTests(ReferenceSearch reference) : IClassFixture<ReferenceSearch>
{
    private static readonly SearchDomain Small = SearchDomain.Of(MadeUp(300), queries: 40);

    [Fact]
    public async Task A_point_and_a_seed_give_one_value_however_many_ask_at_once()
    {
        var point = Small.Space.Sample(new SeededRandom(4));
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await Run(Small, point, 7))));
        Assert.Single(results.Distinct());
        Assert.NotEqual(results[0], await Run(Small, point, 7, DataPart.Test));
    }

    [Fact]
    public void Any_point_gives_a_share_of_the_best_and_spends_the_budget() => Prop.ForAll<ulong>(seed =>
    {
        var result = Run(Small, Small.Space.Sample(new SeededRandom(seed)), seed).Result;
        return result is { Failure: null, Value: >= 0 and <= 1 } && result.Work == Small.Budget.Amount;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task What_is_no_point_of_the_space_is_refused() =>
        Assert.Contains("values are wanted", (await Assert.ThrowsAsync<ArgumentException>(async () => await Run(Small, new Configuration([1]), 1))).Message);

    [Fact]
    public async Task A_stopped_experiment_stops()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await Small.RunAsync(Small.Baseline, 1, DataPart.Validation, stop.Token));
    }

    [Fact]
    public void Other_documents_or_another_budget_have_another_fingerprint()
    {
        string[] prints = [Small.Fingerprint, SearchDomain.Of(MadeUp(301), 40).Fingerprint, SearchDomain.Of(MadeUp(300), 30).Fingerprint];
        Assert.Equal(3, prints.Distinct().Count());
        Assert.Equal(Small.Fingerprint, SearchDomain.Of(MadeUp(300), 40).Fingerprint);
    }

    [Fact]
    public void Too_little_text_is_refused_with_the_remedy() =>
        Assert.Contains("give a longer text", Assert.Throws<FormatException>(() => SearchDomain.Of(MadeUp(20))).Message);

    [Fact]
    public async Task On_the_reference_documentation_plain_BM25_leaves_much_to_find()
    {
        var domain = reference.Domain;
        var baseline = await Run(domain, domain.Baseline, 1);
        var split = domain.Baseline.With(domain.Space.IndexOf("identifiers"), 1).With(domain.Space.IndexOf("stemming"), 2);
        var better = await Run(domain, split, 1);
        Assert.InRange(baseline.Value, 0.15, 0.45);
        Assert.True(better.Value > baseline.Value + 0.1, $"{better.Value} against {baseline.Value}");
        Assert.True((await Run(domain, split, 1, DataPart.Test)).Value > (await Run(domain, domain.Baseline, 1, DataPart.Test)).Value + 0.1);
    }

    private static async Task<ExperimentResult> Run(SearchDomain domain, Configuration point, ulong seed, DataPart part = DataPart.Validation) =>
        await domain.RunAsync(point, seed, part, TestContext.Current.CancellationToken);

    /// <summary>Documents of made-up words, of which low ones are common.</summary>
    private static List<TextDocument> MadeUp(int count)
    {
        var random = new SeededRandom(3);
        string[] syllables = ["ba", "ke", "lo", "mi", "nu", "re", "so", "ta", "vi", "zu"];
        string Word() => string.Concat(Enumerable.Range(0, 2 + random.NextInt(3)).Select(_ => syllables[(int)(10 * random.NextDouble() * random.NextDouble())]));
        return [.. Enumerable.Range(0, count).Select(i => new TextDocument($"M:Made.Up{i % 90}.{Word()}({Word()})", string.Join(' ', Enumerable.Range(0, 12).Select(_ => Word())), Word()))];
    }
}

/// <summary>The search domain over the reference documentation, read once.</summary>
public sealed class ReferenceSearch
{
    /// <summary>The domain.</summary>
    public SearchDomain Domain { get; } = SearchDomain.OfReferenceDocumentation(TestContext.Current.CancellationToken);
}

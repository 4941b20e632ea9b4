using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hive.Randomness;
using Hive.Research.Ml;
using Hive.Research.Text;
using Hive.Testing;

namespace Hive.Research.Tests.Ml;

public sealed class MlDomainTests
{
    private static readonly MlOptions Quick = new() { Work = MlOptions.LeastWork };
    private readonly MlDomain _domain = MlDomain.Over(Documents(400), Quick);

    [Fact]
    public async Task Training_lowers_the_loss_below_that_of_guessing_by_frequency()
    {
        var domain = MlDomain.Over(Documents(400), new MlOptions { Work = 0.1 });
        var configuration = With(domain, ("initialisation", "kaiming"), ("optimiser", "adam"), ("activation", "relu"));
        var result = await domain.RunAsync(configuration, 1, DataPart.Validation, CancellationToken.None);

        Assert.Null(result.Failure);
        Assert.InRange(result.Value, 0.1, 2.0);
    }

    [Fact]
    public void An_experiment_repeats_exactly_and_spends_no_more_than_the_budget() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(12), Prop.ForAll<ulong>(seed =>
    {
        var configuration = _domain.Space.Sample(new SeededRandom(seed));
        var (first, second) = (Run(configuration, seed), Run(configuration, seed));
        return first.Equals(second) && first.Work > 0 && (first.Failure is null) == double.IsFinite(first.Value)
            && first.Work <= _domain.Budget.Amount;
    }));

    [Theory]
    [InlineData("mlp")]
    [InlineData("transformer")]
    public void One_step_of_the_dearest_model_fits_into_the_least_budget(string architecture)
    {
        var dearest = With(
            _domain,
            ("architecture", architecture), ("depth", 4.0), ("width", 96.0), ("context", "32"), ("embedding", 48.0), ("batch", 256.0), ("optimiser", "adam"),
            ("normalisation", "layer"), ("residual", "add"), ("tying", "tied"));

        Assert.InRange(Run(dearest, 1).Work, 1, _domain.Budget.Amount);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        var settings = MlSettings.From(_domain.Space, With(_domain, ("optimiser", "adam"), ("normalisation", "layer"), ("residual", "add"), ("architecture", "transformer")));
        var workspace = new Workspace();
        var model = LanguageModelBuilder.Build(settings, workspace, new SeededRandom(1), new SeededRandom(2), settings.Batch);
        var optimiser = Optimiser.Create(settings, workspace);
        Step();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++) Step();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Step()
        {
            model.ComputeGradient(settings.Batch);
            optimiser.Step(0.001);
        }
    }

    [Fact]
    public void Experiments_at_once_do_not_disturb_one_another()
    {
        var configurations = Enumerable.Range(0, 6).Select(i => _domain.Space.Sample(new SeededRandom((ulong)i))).ToArray();
        var alone = configurations.Select(configuration => Run(configuration, 7)).ToArray();
        var together = configurations.AsParallel().AsOrdered().WithDegreeOfParallelism(6).Select(configuration => Run(configuration, 7)).ToArray();

        Assert.Equal(alone, together);
    }

    /// <summary>The bits that every machine must give, whatever its vector width; found once, not derived.</summary>
    [Fact]
    public void The_values_are_those_of_every_other_machine()
    {
        var digest = 0UL;
        for (var i = 0UL; i < 8; i++)
        {
            var result = Run(Rounded(_domain.Space.Sample(new SeededRandom(i))), i);
            digest = SeededRandom.Mix(digest, result.Failure is null ? BitConverter.DoubleToUInt64Bits(result.Value) : 1);
        }

        Assert.Equal("a598a4a784c011cd", digest.ToString("x16"));

        // Drawing a logarithmic value uses the library's exp: a last bit that differs there is not the domain's.
        Configuration Rounded(Configuration drawn) => new([.. drawn.Values.Select((value, index) =>
            double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) is var round && _domain.Space.IsValue(index, round)
                ? round
                : value)]);
    }

    [Fact]
    public void Seed_and_part_matter()
    {
        var baseline = Run(_domain.Baseline, 1);

        Assert.NotEqual(baseline.Value, Run(_domain.Baseline, 2).Value);
        Assert.NotEqual(baseline.Value, Run(_domain.Baseline, 1, DataPart.Test).Value);
    }

    [Fact]
    public void A_diverged_training_is_a_failure_and_says_so()
    {
        var result = Run(With(_domain, ("initialisation", "kaiming"), ("gain", 10.0), ("rate", 10.0), ("batch", 8.0)), 1);

        Assert.True(double.IsNaN(result.Value));
        Assert.Contains("diverged", result.Failure, StringComparison.Ordinal);
        Assert.True(result.Work > 0);
    }

    [Fact]
    public async Task Cancelling_stops_a_training()
    {
        var domain = MlDomain.Over(Documents(400), new MlOptions { Work = MlOptions.MostWork });
        using var cancellation = new CancellationTokenSource();
        var running = domain.RunAsync(domain.Baseline, 1, DataPart.Validation, cancellation.Token).AsTask();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public void A_training_asks_at_every_step_whether_it_was_cancelled()
    {
        var settings = MlSettings.From(_domain.Space, _domain.Baseline);
        var training = new Training(settings, Corpus.From(Documents(400)), new Workspace(), 1);

        Assert.Throws<OperationCanceledException>(() => training.Run(long.MaxValue, DataPart.Validation, new CancellationToken(canceled: true)));
    }

    [Fact]
    public Task A_point_of_another_space_is_refused() =>
        Assert.ThrowsAsync<ArgumentException>(() => _domain.RunAsync(new Configuration([1, 2]), 1, DataPart.Validation, CancellationToken.None).AsTask());

    [Fact]
    public void The_fingerprint_changes_with_text_and_budget_alone()
    {
        Assert.Equal(_domain.Fingerprint, MlDomain.Over(Documents(400), Quick).Fingerprint);
        Assert.NotEqual(_domain.Fingerprint, MlDomain.Over(Documents(401), Quick).Fingerprint);
        Assert.NotEqual(_domain.Fingerprint, MlDomain.Over(Documents(400), new MlOptions { Work = 0.06 }).Fingerprint);
    }

    [Fact]
    public void The_baseline_is_a_point_of_the_space() => Assert.Null(_domain.Space.Mistake(_domain.Baseline));

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(1e9)]
    public void Work_out_of_its_range_is_refused(double work)
    {
        var mistake = Assert.Throws<ArgumentException>(() => MlDomain.Over([], new MlOptions { Work = work }));
        Assert.Contains("0.05 to 1000", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_short_a_text_is_refused_with_how_much_is_needed()
    {
        var directory = TemporaryDirectory.Create("ml");
        try
        {
            var path = Path.Combine(directory, "short.txt");
            File.WriteAllText(path, "Too short.\n\nBy far.");
            var mistake = Assert.Throws<FormatException>(() => MlDomain.Open(new MlOptions { TextFile = path }, CancellationToken.None));
            Assert.Contains("characters or more", mistake.Message, StringComparison.Ordinal);
        }
        finally
        {
            TemporaryDirectory.Delete(directory);
        }
    }

    [Fact]
    public void No_document_is_in_two_parts_and_members_of_a_type_stay_together()
    {
        TextDocument[] documents =
        [
            .. Enumerable.Range(0, 600).SelectMany(type => Enumerable.Range(0, 3).Select(member =>
                new TextDocument($"M:Some.Type{type}.Member{member}(System.Int32)", $"#{(char)('a' + (type % 26))}{(char)('a' + (type / 26))}# {new string('x', 60)}", ""))),
        ];
        var corpus = Corpus.From(documents);
        var parts = new[] { corpus.Training, corpus.Of(DataPart.Validation), corpus.Of(DataPart.Test) };

        // Two letters between marks, which the frequent letters keep apart in the vocabulary, tell the type of each piece.
        var types = parts.Select(part => Types(part).ToHashSet()).ToArray();
        Assert.Equal(600, types.Sum(part => part.Count));
        Assert.Equal(600, types.SelectMany(part => part).Distinct().Count());
        Assert.InRange(types[1].Count, 30, 90);
        Assert.InRange(types[2].Count, 30, 90);

        static IEnumerable<(byte, byte)> Types(byte[] part)
        {
            // The first piece of a part begins with the mark.
            var mark = part[0];
            for (var i = 0; i + 3 < part.Length; i++)
            {
                if (part[i] == mark && part[i + 3] == mark) yield return (part[i + 1], part[i + 2]);
            }
        }
    }

    private ExperimentResult Run(Configuration configuration, ulong seed, DataPart part = DataPart.Validation) =>
        _domain.RunAsync(configuration, seed, part, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    private static Configuration With(MlDomain domain, params (string Name, object Value)[] settings)
    {
        var configuration = domain.Baseline;
        foreach (var (name, value) in settings)
        {
            var index = domain.Space.IndexOf(name);
            var technique = domain.Space.Techniques[index];
            configuration = configuration.With(index, value is string way ? ((CategoricalTechnique)technique).Values.IndexOf(way) : (double)value);
        }

        return configuration;
    }

    /// <summary>Sentences of a small grammar: text with structure to learn, the same on every machine.</summary>
    private static TextDocument[] Documents(int count)
    {
        string[] subjects = ["the reader", "a stream", "the cache", "an index", "this method"];
        string[] verbs = ["returns", "closes", "copies", "waits for", "replaces"];
        string[] objects = ["the value", "every element", "a buffer", "its source", "nothing"];
        var random = new SeededRandom(99);
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                var text = new StringBuilder();
                for (var sentence = 0; sentence < 4; sentence++) text.Append($"{Pick(subjects)} {Pick(verbs)} {Pick(objects)}. ");
                return new TextDocument($"document {i}", text.ToString(), "");
            }),
        ];

        string Pick(string[] words) => words[random.NextInt(words.Length)];
    }
}

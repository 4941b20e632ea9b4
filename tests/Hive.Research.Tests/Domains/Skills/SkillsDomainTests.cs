using FsCheck;
using FsCheck.Fluent;
using Hive.Randomness;
using Hive.Research.Skills;
using Hive.Testing;
using Hive.Wasm;

namespace Hive.Research.Tests.Domains.Skills;

public sealed class SkillsDomainTests
{
    private static readonly SkillsDomain Domain = SkillsDomain.OfBuiltInFunctions();

    [Fact]
    public void A_compiled_expression_computes_what_the_search_computed_traps_included()
    {
        var engine = new Engine(new Hive.Wasm.Config { ConsumeFuel = true });
        Prop.ForAll<ulong>(seed =>
        {
            var random = new SeededRandom(seed);
            var grammar = new ExpressionGrammar(3, SearchOptions.Of(SearchOptions.Space.Sample(random)), random);
            var expression = grammar.Mutate(grammar.Cross(grammar.Draw(), grammar.Draw()));
            long[] edges = [0, 1, -1, 63, 64, long.MinValue, long.MaxValue];
            SkillCase[] cases = [.. Enumerable.Range(0, 12).Select(_ =>
            {
                long[] arguments = [.. Enumerable.Range(0, 3).Select(_ => random.NextChance(0.5) ? edges[random.NextInt(edges.Length)] : (long)random.NextBits())];
                return new SkillCase(arguments, expression.TryCompute(arguments, out var result) ? result : 0);
            })];
            var computed = cases.Count(one => expression.TryCompute(one.Arguments, out _));
            return ExpressionModule.PassRate(engine, ExpressionModule.Encode(expression, 3), cases, default) * cases.Length == computed;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_is_drawn_crossed_or_mutated_is_well_typed_and_bounded() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var grammar = new ExpressionGrammar(2, SearchOptions.Of(SearchOptions.Space.Sample(random)), random);
        var expression = grammar.Draw();
        for (var i = 0; i < 20; i++) expression = random.NextChance(0.5) ? grammar.Mutate(expression) : grammar.Cross(expression, grammar.Draw());
        return expression.Nodes.Length <= Expression.MaxNodes && KindOf(expression) is [Hive.Research.Skills.ValueKind.Number];
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_point_has_a_value_that_its_seed_repeats_within_the_budget() => Prop.ForAll<ulong>(seed =>
    {
        var point = Domain.Space.Sample(new SeededRandom(seed));
        var result = Run(point, seed);
        return result == Run(point, seed) && result is { Failure: null, Value: >= 0 and <= 1 } && result.Work <= Domain.Budget.Amount;
    }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(10));

    [Fact]
    public void Another_way_to_search_passes_more_hidden_cases()
    {
        var space = Domain.Space;
        var better = Domain.Baseline.With(space.IndexOf("fitness"), 1).With(space.IndexOf("constant-size"), 4).With(space.IndexOf("constant-share"), 0.3)
            .With(space.IndexOf("mutate-wrap"), 2).With(space.IndexOf("mutate-constant"), 1).With(space.IndexOf("mutate-point"), 1).With(space.IndexOf("tournament"), 4);
        foreach (var part in Enum.GetValues<DataPart>())
        {
            var (first, second) = (Mean(Domain.Baseline, part), Mean(better, part));
            Assert.True(second > first + 0.05, $"{part}: {second} against {first}");
        }
    }

    [Fact]
    public async Task Examples_of_ones_own_are_learnt_and_half_of_them_are_hidden()
    {
        var folder = TemporaryDirectory.Create("hive-examples");
        try
        {
            var path = Path.Combine(folder, "double.json");
            File.WriteAllText(path, $$"""{"name": "double", "examples": [{{string.Join(',', Enumerable.Range(0, 20).Select(i => $$"""{"arguments": [{{i * 7}}], "result": {{i * 14}}}"""))}}]}""");
            var domain = SkillsDomain.OfExamples(path);
            Assert.Equal(1, (await domain.RunAsync(domain.Baseline, 1, DataPart.Test, TestContext.Current.CancellationToken)).Value);
            var module = domain.Modules(domain.Baseline, 1, TestContext.Current.CancellationToken)["double"];
            Assert.Equal(1, ExpressionModule.PassRate(new Engine(new Hive.Wasm.Config { ConsumeFuel = true }), module, [new SkillCase([21], 42)], TestContext.Current.CancellationToken));
            Assert.NotEqual(Domain.Fingerprint, domain.Fingerprint);
        }
        finally
        {
            TemporaryDirectory.Delete(folder);
        }
    }

    [Theory]
    [InlineData("[", "is no JSON: line 1")]
    [InlineData("{}", "this has no \"examples\"")]
    [InlineData("""{"examples": []}""", "there are 0 examples")]
    [InlineData("""{"examples": [X,X,X,X,X,X,X,X,X,X,X,X,X,X,X,{"arguments": [1, 2], "result": 1}]}""", "examples[15].arguments: there are 2")]
    [InlineData("""{"examples": [X,X,X,X,X,X,X,X,X,X,X,X,X,X,X,{"arguments": ["a"], "result": 1}]}""", "examples[15].arguments[0]: this is no whole number")]
    [InlineData("""{"examples": [X,X,X,X,X,X,X,X,X,X,X,X,X,X,X,{"arguments": [1]}]}""", "examples[15].result: this is missing")]
    [InlineData("""{"examples": [X,X,X,X,X,X,X,X,X,X,X,X,X,X,X,{"arguments": [], "result": 1}]}""", "1 to 4 whole numbers")]
    public void Examples_with_a_fault_are_refused_with_its_place(string text, string reason)
    {
        var folder = TemporaryDirectory.Create("hive-examples");
        try
        {
            var path = Path.Combine(folder, "bad.json");
            File.WriteAllText(path, text.Replace("X", """{"arguments": [1], "result": 1}"""));
            Assert.Contains(reason, Assert.Throws<FormatException>(() => SkillsDomain.OfExamples(path)).Message);
        }
        finally
        {
            TemporaryDirectory.Delete(folder);
        }
    }

    private static double Mean(Configuration point, DataPart part) => Enumerable.Range(1, 5).Average(seed => Run(point, (ulong)seed, part).Value);

    private static ExperimentResult Run(Configuration point, ulong seed, DataPart part = DataPart.Validation) =>
        Domain.RunAsync(point, seed, part, TestContext.Current.CancellationToken).AsTask().Result;

    private static Hive.Research.Skills.ValueKind[] KindOf(Expression expression)
    {
        var stack = new Stack<Hive.Research.Skills.ValueKind>();
        foreach (var node in expression.Nodes)
        {
            var operation = Operation.All[node.Operation];
            foreach (var wanted in operation.Operands.Reverse())
            {
                if (stack.Pop() != wanted) return [];
            }

            stack.Push(operation.Result);
        }

        return [.. stack];
    }
}

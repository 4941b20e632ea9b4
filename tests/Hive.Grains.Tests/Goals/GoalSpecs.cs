using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Hive.Goals;

namespace Hive.Grains.Tests.Goals;

/// <summary>Random valid goals.</summary>
internal static class GoalSpecs
{
    private static readonly Gen<string> Names = Gen.Elements("x", "y", "learning rate", "größe", "circles", "a\"b", "π");

    public static Arbitrary<GoalSpec> Arbitrary { get; } = Any().ToArbitrary();

    private static Gen<double> Numbers { get; } = Gen.OneOf(
        Gen.Choose(-1000, 1000).Select(n => (double)n),
        Gen.Choose(int.MinValue, int.MaxValue).Select(n => n / 7919.0),
        Gen.Elements(1e-300, -1e-17, 0.1, 1e100, -5e-324));

    private static Gen<Dimension> Leaf { get; } = Gen.OneOf<Dimension>(
        from low in Numbers from width in Gen.Choose(1, 1_000_000) where low + width > low select (Dimension)new RealDimension(low, low + width),
        from low in Gen.Choose(1, 100_000) from factor in Gen.Choose(2, 10_000) select (Dimension)new LogRealDimension(low / 7.0, low / 7.0 * factor),
        from low in Gen.Choose(-100, 100) from width in Gen.Choose(0, 100) select (Dimension)new IntegerDimension(low, low + width),
        from n in Gen.Choose(1, 4) select (Dimension)new ChoiceDimension([.. new[] { "\"adam\"", "3", "true", "null" }.Take(n)]),
        from n in Gen.Choose(2, 9) select (Dimension)new PermutationDimension(n));

    private static Gen<Dimension> Shape(int depth) => depth == 0
        ? Leaf
        : Gen.OneOf<Dimension>(
            Leaf,
            from n in Gen.Choose(1, 4) from of in Shape(depth - 1) select (Dimension)new VectorDimension(n, of),
            from items in Shape(depth - 1).ListOf(2) select (Dimension)new TupleDimension([.. items]));

    private static Gen<EvaluatorSpec> Evaluators { get; } = Gen.OneOf<EvaluatorSpec>(
        Gen.Constant((EvaluatorSpec)new BuiltinEvaluatorSpec("sphere", ImmutableSortedDictionary<string, string>.Empty.Add("shift", "1.5"))),
        from protocol in Gen.Elements(EvaluatorProtocol.Once, EvaluatorProtocol.Lines)
        from timeout in Gen.Choose(1, 100)
        select (EvaluatorSpec)new CommandEvaluatorSpec(["python3", "score.py", ""], protocol, timeout / 8.0),
        from fuel in Gen.Choose(0, 1000) select (EvaluatorSpec)new WasmEvaluatorSpec("score.wasm", fuel == 0 ? null : fuel));

    private static Gen<GoalSpec> Any() =>
        from names in Names.ListOf(3)
        from shapes in Shape(2).ListOf(3)
        from evaluator in Evaluators
        from direction in Gen.Elements(MetricDirection.Maximize, MetricDirection.Minimize)
        from target in Gen.OneOf(Gen.Constant((double?)null), Numbers.Select(n => (double?)n))
        from tolerance in Gen.Elements<double?>(null, 0, 0.25)
        from evaluations in Gen.Choose(0, 1_000_000)
        from seconds in Gen.Choose(1, 1000)
        from seed in Gen.Choose(0, int.MaxValue)
        select new GoalSpec
        {
            Objective = "Find it",
            Metric = new MetricCheck("loss", direction, target, evaluator) { Tolerance = tolerance },
            Space = [.. names.Distinct(StringComparer.Ordinal).Zip(shapes, (name, shape) => new NamedDimension(name, shape))],
            Budget = new GoalBudget(evaluations == 0 ? null : evaluations, evaluations % 2 == 0 ? seconds / 4.0 : null, seconds % 3 == 0 ? seconds : null),
            Agents = (seed % 100) + 1,
            Seed = seed,
            Tiers = [.. Hive.Silos.Tiers.All.Where((_, i) => (seed >> i & 1) == 1)],
            Directory = seed % 2 == 0 ? null : "/goals",
        };
}

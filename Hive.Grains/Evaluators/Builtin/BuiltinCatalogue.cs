using System.Collections.Immutable;
using Hive.Spaces;

namespace Hive.Evaluators.Builtin;

/// <summary>An evaluator that comes with Hive.</summary>
/// <param name="Name">Its name in a goal file.</param>
/// <param name="Description">What it measures, in a sentence.</param>
/// <param name="Space">The space it wants, in words.</param>
/// <param name="Accepts">Whether it can measure the points of a space.</param>
/// <param name="Create">Makes one for a space that it accepts.</param>
public sealed record BuiltinDescription(
    string Name, string Description, string Space, Func<SearchSpace, bool> Accepts, Func<SearchSpace, IBuiltinEvaluator> Create)
{
    /// <summary>Draws a point as an SVG document; absent where there is nothing to see.</summary>
    public Func<ReadOnlySpan<double>, string>? Draw { get; init; }

    /// <summary>The settings that it takes beside its name, each with what it means and a check of its value.</summary>
    public ImmutableSortedDictionary<string, BuiltinSetting> Settings { get; init; } = ImmutableSortedDictionary<string, BuiltinSetting>.Empty;
}

/// <summary>A setting of an evaluator that comes with Hive.</summary>
/// <param name="Meaning">What its value must be, in words.</param>
/// <param name="Accepts">Whether a value, as JSON, is one.</param>
public sealed record BuiltinSetting(string Meaning, Func<string, bool> Accepts);

/// <summary>The evaluators that come with Hive, by name.</summary>
public static class BuiltinCatalogue
{
    private const string Numbers = "real, log-real and integer genes, in any nesting";

    /// <summary>All of them, in the order of their names.</summary>
    public static ImmutableSortedDictionary<string, BuiltinDescription> All { get; } = new BuiltinDescription[]
    {
        new("ackley", "Ackley's function: almost flat far from its one deep minimum, 0 at the origin; minimize", Numbers, HasOnlyNumbers, _ => new Ackley()),
        new(
            "circle-packing",
            "the sum of the radii of circles inside the unit square that do not overlap; maximize",
            "one vector of tuples [x, y, radius], three real genes each",
            IsTriples,
            _ => new CirclePacking()) { Draw = CirclePackingSvg.Draw },
        new("latency", "the sphere after a wait: what is measured is how Hive bears slow evaluators; minimize", Numbers, HasOnlyNumbers, _ => new Sphere())
        {
            Settings = ImmutableSortedDictionary<string, BuiltinSetting>.Empty.Add(
                LatencyEvaluator.Milliseconds, new BuiltinSetting("a whole number of milliseconds a point, 0 to 60000", text => LatencyEvaluator.Read(text) is not null)),
        },
        new("noop", "always 0: what is measured is Hive itself", "any", _ => true, _ => new Noop()),
        new("rastrigin", "Rastrigin's function: a bowl with a grid of local minima, the least 0 at the origin; minimize", Numbers, HasOnlyNumbers, _ => new Rastrigin()),
        new("rosenbrock", "Rosenbrock's function: a narrow bent valley, minimum 0 where every gene is 1; minimize", $"two or more {Numbers}", HasTwoNumbers, _ => new Rosenbrock()),
        new("sphere", "the sum of squares, minimum 0 at the origin; minimize", Numbers, HasOnlyNumbers, _ => new Sphere()),
    }.ToImmutableSortedDictionary(description => description.Name, description => description, StringComparer.Ordinal);

    private static bool HasOnlyNumbers(SearchSpace space) => space.Genes.All(gene => gene.Kind is GeneKind.Real or GeneKind.LogReal or GeneKind.Integer);

    private static bool IsTriples(SearchSpace space) => space.Length % 3 == 0 && space.Genes.All(gene => gene.Kind is GeneKind.Real);

    private static bool HasTwoNumbers(SearchSpace space) => space.Length >= 2 && HasOnlyNumbers(space);
}

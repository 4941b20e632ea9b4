using System.Collections.Immutable;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Grains.Tests.Goals;

/// <summary>An agent may be hostile: no answer of it harms a goal.</summary>
public sealed class AnswerCheckTests
{
    private const string Agent = "worker@a/g-1";

    private static readonly SearchSpace Space = SearchSpace.Of(
    [
        new NamedDimension("x", new RealDimension(0, 1)),
        new NamedDimension("n", new IntegerDimension(1, 3)),
        new NamedDimension("order", new PermutationDimension(2)),
    ]);

    private static readonly ExplorationTask Task = new(2, 5, 1, "random", true, 1, 10, null, []);

    private static readonly ExplorationResult Good = new(5, 10, 1, [new Elite([0.5, 2, 1, 0], 1, 0)], null) { Round = 2, Agent = Agent };

    public static TheoryData<string, string> Faults { get; } = new()
    {
        { "agent", "not given this attempt" },
        { "round", "1.5" },
        { "index", "2.4" },
        { "too many evaluations", "claims 11 evaluations" },
        { "negative evaluations", "claims -1 evaluations" },
        { "failures", "failures" },
        { "no candidates", "more candidates" },
        { "many candidates", "more candidates" },
        { "short point", "outside the space" },
        { "outside", "outside the space" },
        { "not a number", "outside the space" },
        { "a fraction of a whole number", "outside the space" },
        { "no order", "outside the space" },
        { "metric", "outside the space" },
        { "violation", "outside the space" },
        { "long failure", "says too much" },
    };

    [Fact]
    public void An_answer_to_what_was_asked_has_no_fault() => Assert.Null(AnswerCheck.Fault(Agent, Task, Space, Good));

    [Theory]
    [MemberData(nameof(Faults))]
    public void An_answer_to_something_else_or_out_of_bounds_is_found_out(string what, string fault) =>
        Assert.Contains(fault, AnswerCheck.Fault(Agent, Task, Space, Spoiled(what)), StringComparison.Ordinal);

    [Fact]
    public void No_answer_is_no_answer() => Assert.NotNull(AnswerCheck.Fault(Agent, Task, Space, null));

    private static ExplorationResult Spoiled(string what) => what switch
    {
        "agent" => Good with { Agent = "core@b/g-1" },
        "round" => Good with { Round = 1 },
        "index" => Good with { Index = 4 },
        "too many evaluations" => Good with { Evaluations = 11 },
        "negative evaluations" => Good with { Evaluations = -1 },
        "failures" => Good with { Failures = 11 },
        "no candidates" => Good with { Best = default },
        "many candidates" => Good with { Best = [.. Enumerable.Repeat(Good.Best[0], ExplorationTask.MaxElites + 1)] },
        "short point" => At([0.5]),
        "outside" => At([1.5, 2, 1, 0]),
        "not a number" => At([double.NaN, 2, 1, 0]),
        "a fraction of a whole number" => At([0.5, 2.5, 1, 0]),
        "no order" => At([0.5, 2, 1, 1]),
        "metric" => Good with { Best = [Good.Best[0] with { Metric = double.NaN }] },
        "violation" => Good with { Best = [Good.Best[0] with { Violation = -1 }] },
        "long failure" => Good with { Failure = new string('x', 100_000) },
        _ => throw new ArgumentOutOfRangeException(nameof(what)),
    };

    private static ExplorationResult At(ImmutableArray<double> point) => Good with { Best = [new Elite(point, 1, 0)] };
}

using System.Collections.Immutable;
using Hive.Agents;

namespace Hive.Research;

/// <summary>One agent of a research campaign, on the silo that its key (<see cref="AgentKey"/>) names: it runs experiments, its own and those it reviews.</summary>
[Alias("hive.researcher")]
public interface IResearcherGrain : IGrainWithStringKey
{
    /// <summary>Runs one experiment.</summary>
    /// <param name="order">Which.</param>
    /// <param name="cancellation">Stops it; nothing of it counts then.</param>
    /// <returns>What it gave. An experiment that fails says so in <see cref="ExperimentReport.Failure"/>; it does not throw.</returns>
    [Alias("run"), ResponseTimeout("7.00:00:00")]
    Task<ExperimentReport> RunAsync(ExperimentOrder order, CancellationToken cancellation);
}

/// <summary>An experiment as it is given to an agent: all that it may know of the campaign.</summary>
/// <param name="Domain">The domain and its settings, as JSON.</param>
/// <param name="Fingerprint">The fingerprint that the domain must have on the agent's silo too; results of other data would not be comparable.</param>
/// <param name="Values">The configuration, in the order of the domain's techniques.</param>
/// <param name="Seed">Decides every random choice of the experiment.</param>
/// <param name="IsHeldBack">Whether the data held back measure the result: a review.</param>
/// <param name="Seconds">How long it may take.</param>
[GenerateSerializer, Immutable, Alias("hive.experiment-order")]
public sealed record ExperimentOrder(
    [property: Id(0)] string Domain,
    [property: Id(1)] string Fingerprint,
    [property: Id(2)] ImmutableArray<double> Values,
    [property: Id(3)] ulong Seed,
    [property: Id(4)] bool IsHeldBack,
    [property: Id(5)] double Seconds);

/// <summary>What an experiment gave.</summary>
/// <param name="Value">The metric; not a number where it failed.</param>
/// <param name="Work">What was spent of the budget.</param>
/// <param name="Failure">Why there is no value; null where there is one.</param>
[GenerateSerializer, Immutable, Alias("hive.experiment-report")]
public sealed record ExperimentReport([property: Id(0)] double Value, [property: Id(1)] long Work, [property: Id(2)] string? Failure);

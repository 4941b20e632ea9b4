namespace Hive.Research;

/// <summary>
/// A field of experiments: what is measured, which way is better, what may be varied, and what one experiment may cost. The budget is counted in work, never in
/// seconds, so a configuration and a seed give the same value on every machine.
/// </summary>
public interface IResearchDomain
{
    /// <summary>The name that the command line and leaderboards know it by.</summary>
    string Name { get; }

    /// <summary>What is measured, with its unit, such as <c>loss (nats per character)</c>.</summary>
    string Metric { get; }

    /// <summary>Which way is better.</summary>
    Direction Direction { get; }

    /// <summary>What may be varied.</summary>
    TechniqueSpace Space { get; }

    /// <summary>What one experiment may spend, the same for every configuration.</summary>
    WorkBudget Budget { get; }

    /// <summary>Where everybody starts: the plain textbook choice.</summary>
    Configuration Baseline { get; }

    /// <summary>SHA-256 in lower-case hexadecimal of all that decides its values besides configuration and seed (data, budget, version): results of other data are not comparable, and are refused.</summary>
    string Fingerprint { get; }

    /// <summary>Runs one experiment. Many may run at once; none changes the domain.</summary>
    /// <param name="configuration">A point of <see cref="Space"/>.</param>
    /// <param name="seed">Decides every random choice of the experiment.</param>
    /// <param name="part">Which data measure the result; training never sees either.</param>
    /// <param name="cancellation">Stops at once.</param>
    /// <exception cref="ArgumentException">The configuration is no point of the space.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    ValueTask<ExperimentResult> RunAsync(Configuration configuration, ulong seed, DataPart part, CancellationToken cancellation);
}

/// <summary>Which way is better.</summary>
public enum Direction
{
    /// <summary>Lower values are better.</summary>
    Minimize,

    /// <summary>Higher values are better.</summary>
    Maximize,
}

/// <summary>The data that measure a result.</summary>
public enum DataPart
{
    /// <summary>What agents measure with while they search.</summary>
    Validation,

    /// <summary>Held back: reviewers alone measure with it.</summary>
    Test,
}

/// <summary>What one experiment may spend.</summary>
/// <param name="Amount">How much, above 0.</param>
/// <param name="Unit">Of what, such as <c>multiply-adds</c>.</param>
public sealed record WorkBudget(long Amount, string Unit);

/// <summary>What an experiment gave.</summary>
/// <param name="Value">The metric; finite unless the experiment failed.</param>
/// <param name="Work">What was spent of the budget.</param>
/// <param name="Failure">Why there is no value, in a few words; null where there is one. A diverged training is a failure, not a value.</param>
public sealed record ExperimentResult(double Value, long Work, string? Failure = null)
{
    /// <summary>An experiment without a value.</summary>
    /// <param name="work">What it spent.</param>
    /// <param name="reason">Why, in a few words.</param>
    public static ExperimentResult Failed(long work, string reason) => new(double.NaN, work, reason);
}

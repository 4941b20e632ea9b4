namespace Hive.Evaluators;

/// <summary>Measures candidates. One instance serves one attempt at a time; disposing it leaves nothing running.</summary>
public interface IEvaluator : IAsyncDisposable
{
    /// <summary>How many points it likes to be given at once: 1 for a process a candidate, more where a round trip is shared.</summary>
    int PreferredBatch { get; }

    /// <summary>Measures points. A point that cannot be measured gets a <see cref="Measurement.Failed"/>; the others are not touched by it.</summary>
    /// <param name="points">Points of the goal's space.</param>
    /// <param name="results">Receives a measurement a point, in their order; as long as <paramref name="points"/>.</param>
    /// <param name="cancellation">Stops at once; what the evaluator started is ended.</param>
    /// <exception cref="EvaluatorException">The evaluator itself is unusable (it cannot be started, it dies again and again): no point can be measured.</exception>
    ValueTask MeasureAsync(IReadOnlyList<double[]> points, Memory<Measurement> results, CancellationToken cancellation);
}

/// <summary>What an evaluator says of one candidate.</summary>
/// <param name="Metric">The metric; finite unless the measurement failed.</param>
/// <param name="Violation">How far from feasible; 0 is feasible, never negative.</param>
/// <param name="Failure">Why there is no measurement; absent where there is one.</param>
public readonly record struct Measurement(double Metric, double Violation, string? Failure)
{
    /// <summary>Whether the candidate was measured and is feasible.</summary>
    public bool IsFeasible => Failure is null && Violation == 0;

    /// <summary>A measurement that did not come about.</summary>
    /// <param name="reason">Why, in a few words.</param>
    public static Measurement Failed(string reason) => new(double.NaN, double.PositiveInfinity, reason);
}

/// <summary>An evaluator that cannot work at all; the message says what, where and how to mend it.</summary>
/// <param name="message">What, where, and how to mend it.</param>
/// <param name="inner">What lay beneath.</param>
[GenerateSerializer, Alias("hive.evaluator-exception")]
public sealed class EvaluatorException(string message, Exception? inner = null) : Exception(message, inner);

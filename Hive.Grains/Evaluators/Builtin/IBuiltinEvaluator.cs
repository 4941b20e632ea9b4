namespace Hive.Evaluators.Builtin;

/// <summary>An evaluator that is a function of the point: it never fails, allocates nothing and keeps no state, so that one instance may serve any number of attempts at once.</summary>
public interface IBuiltinEvaluator
{
    /// <summary>Measures one point.</summary>
    /// <param name="point">A point of the space that the evaluator was made for.</param>
    /// <returns>The metric, finite, and how far the point is from feasible: 0 is feasible, never negative.</returns>
    (double Metric, double Violation) Measure(ReadOnlySpan<double> point);
}

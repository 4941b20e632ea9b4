namespace Hive.Evaluators.Builtin;

/// <summary>Lets a function of the point be asked like any other evaluator, at the cost of a loop.</summary>
internal sealed class BuiltinEvaluator(IBuiltinEvaluator function) : IEvaluator
{
    /// <inheritdoc/>
    public int PreferredBatch => 64;

    /// <inheritdoc/>
    public ValueTask MeasureAsync(IReadOnlyList<double[]> points, Memory<Measurement> results, CancellationToken cancellation)
    {
        var into = results.Span;
        for (var i = 0; i < points.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (metric, violation) = function.Measure(points[i]);
            into[i] = double.IsFinite(metric) ? new Measurement(metric, violation, null) : Measurement.Failed("the metric is not a finite number");
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

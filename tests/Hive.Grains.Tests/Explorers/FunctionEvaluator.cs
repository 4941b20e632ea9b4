using Hive.Evaluators;

namespace Hive.Tests.Explorers;

/// <summary>Measures by a function.</summary>
internal sealed class FunctionEvaluator(FunctionEvaluator.Function function, int batch = 64) : IEvaluator
{
    public delegate (double Metric, double Violation) Function(ReadOnlySpan<double> point);

    public int PreferredBatch => batch;

    public long Measured { get; private set; }

    public ValueTask MeasureAsync(IReadOnlyList<double[]> points, Memory<Measurement> results, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        for (var i = 0; i < points.Count; i++)
        {
            var (metric, violation) = function(points[i]);
            results.Span[i] = double.IsNaN(metric) ? Measurement.Failed("no number") : new Measurement(metric, violation, null);
        }

        Measured += points.Count;
        return default;
    }

    public ValueTask DisposeAsync() => default;
}

using System.Globalization;

namespace Hive.Evaluators.Builtin;

/// <summary>Answers as another evaluator does, each point after a wait that costs no processor time, as a program far away or a slow instrument would.</summary>
internal sealed class LatencyEvaluator(IEvaluator answers, TimeSpan wait, TimeProvider time) : IEvaluator
{
    /// <summary>The setting that says how long a point takes.</summary>
    public const string Milliseconds = "milliseconds";

    private const int Most = 60_000;

    /// <inheritdoc/>
    public int PreferredBatch => 1;

    /// <summary>The wait that a setting's text means; null where it means none.</summary>
    public static TimeSpan? Read(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds <= Most ? TimeSpan.FromMilliseconds(milliseconds) : null;

    /// <inheritdoc/>
    public async ValueTask MeasureAsync(IReadOnlyList<double[]> points, Memory<Measurement> results, CancellationToken cancellation)
    {
        await Task.Delay(wait * points.Count, time, cancellation).ConfigureAwait(false);
        await answers.MeasureAsync(points, results, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => answers.DisposeAsync();
}

using System.Diagnostics;
using Hive.Evaluators;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Explorers;

/// <summary>Lets an explorer search for one slice of the budget.</summary>
public static class ExplorerLoop
{
    private static readonly TimeSpan YieldAfter = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan ProgressAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Asks, measures and tells until the task's evaluations or seconds are used, a feasible point reaches the target, or it is stopped. It gives its thread back every few milliseconds.
    /// </summary>
    /// <param name="explorer">The strategy; where the task is not fresh and this is its memory of earlier slices, it hears of the task's elites first.</param>
    /// <param name="evaluator">What measures its points; used by this loop alone meanwhile.</param>
    /// <param name="space">The space of the points.</param>
    /// <param name="metric">Which way is better, and the target.</param>
    /// <param name="task">The slice.</param>
    /// <param name="options">What else bounds and watches it.</param>
    /// <param name="cancellation">Ends the loop without a result.</param>
    /// <returns>What was found up to the end or the stop.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was raised.</exception>
    /// <exception cref="EvaluatorException">The evaluator is unusable.</exception>
    public static async ValueTask<ExplorationResult> RunAsync(
        IExplorer explorer,
        IEvaluator evaluator,
        SearchSpace space,
        MetricCheck metric,
        ExplorationTask task,
        ExplorationOptions options,
        CancellationToken cancellation = default)
    {
        using var ending = Ending.Of(task, options, cancellation);
        var time = options.Time;
        var started = time.GetTimestamp();
        var (lastYield, lastProgress) = (started, started);
        var best = new EliteList(space.Scale, metric);
        var results = new Measurement[Math.Max(1, (int)Math.Min(evaluator.PreferredBatch, task.Evaluations))];
        long evaluations = 0;
        long failures = 0;
        string? firstFailure = null;
        if (!task.Fresh)
        {
            explorer.Hear(task.Elites);
        }

        while (evaluations < task.Evaluations && !best.ReachesTarget && !ending.HasCome)
        {
            var points = explorer.Ask((int)Math.Min(results.Length, task.Evaluations - evaluations));
            var measurements = results.AsMemory(0, points.Count);
            try
            {
                await evaluator.MeasureAsync(points, measurements, ending.Token);
            }
            catch (OperationCanceledException) when (ending.HasCome && !cancellation.IsCancellationRequested)
            {
                break;
            }

            evaluations += points.Count;
            for (var i = 0; i < points.Count; i++)
            {
                ref readonly var measurement = ref results[i];
                if (measurement.Failure is null)
                {
                    best.Offer(points[i], measurement.Metric, measurement.Violation);
                }
                else
                {
                    failures++;
                    firstFailure ??= measurement.Failure;
                }
            }

            explorer.Tell(measurements.Span);
            var now = time.GetTimestamp();
            if (time.GetElapsedTime(lastProgress, now) >= ProgressAfter && options.Progress is { } progress)
            {
                lastProgress = now;
                progress(new ExplorationProgress(evaluations, best.Best));
            }

            if (time.GetElapsedTime(lastYield, now) >= YieldAfter)
            {
                await Task.Yield();
                lastYield = time.GetTimestamp();
            }
        }

        cancellation.ThrowIfCancellationRequested();
        var nothing = evaluations > 0 && failures == evaluations;
        return new ExplorationResult(task.Index, evaluations, failures, best.ToElites(), nothing ? $"no candidate could be measured: {firstFailure}" : null);
    }

    /// <summary>The ways to end early, folded into one token; a token is only made where there is such a way.</summary>
    private sealed class Ending : IDisposable
    {
        private readonly CancellationTokenSource? _deadline;
        private readonly CancellationTokenSource? _linked;

        private Ending(CancellationTokenSource? deadline, CancellationTokenSource? linked, CancellationToken token) =>
            (_deadline, _linked, Token) = (deadline, linked, token);

        public CancellationToken Token { get; }

        public bool HasCome => Token.IsCancellationRequested;

        public static Ending Of(ExplorationTask task, ExplorationOptions options, CancellationToken cancellation)
        {
            if (task.Seconds is not { } seconds)
            {
                return options.Stop.CanBeCanceled ? Linked(null, CancellationTokenSource.CreateLinkedTokenSource(cancellation, options.Stop)) : new Ending(null, null, cancellation);
            }

            var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 1e6)), options.Time);
            return Linked(deadline, CancellationTokenSource.CreateLinkedTokenSource(cancellation, options.Stop, deadline.Token));
        }

        public void Dispose()
        {
            _linked?.Dispose();
            _deadline?.Dispose();
        }

        private static Ending Linked(CancellationTokenSource? deadline, CancellationTokenSource linked) => new(deadline, linked, linked.Token);
    }
}

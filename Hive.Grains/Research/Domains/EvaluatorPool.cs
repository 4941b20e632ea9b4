using System.Collections.Concurrent;
using Hive.Evaluators;

namespace Hive.Research.Domains;

/// <summary>Evaluators for experiments that run side by side: at most as many as there are cores, each measuring one candidate at a time. What waits, waits in order.</summary>
/// <param name="create">Makes an evaluator.</param>
internal sealed class EvaluatorPool(Func<IEvaluator> create) : IAsyncDisposable
{
    private readonly SemaphoreSlim _places = new(Environment.ProcessorCount);
    private readonly ConcurrentBag<IEvaluator> _idle = [];

    /// <summary>Measures a candidate.</summary>
    /// <param name="point">The candidate.</param>
    /// <param name="isFresh">Whether an evaluator is wanted that has measured nothing before.</param>
    /// <param name="cancellation">Stops at once; what the evaluator started is ended.</param>
    /// <returns>The measurement; a failed one, with the reason, where the evaluator is unusable.</returns>
    public async ValueTask<Measurement> MeasureAsync(double[] point, bool isFresh, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation).ConfigureAwait(false);
        IEvaluator? evaluator = null;
        try
        {
            if (_idle.TryTake(out evaluator) && isFresh) await evaluator.DisposeAsync().ConfigureAwait(false);
            if (evaluator is null || isFresh) evaluator = create();
            var results = new Measurement[1];
            await evaluator.MeasureAsync([point], results, cancellation).ConfigureAwait(false);
            _idle.Add(evaluator);
            evaluator = null;
            return results[0];
        }
        catch (EvaluatorException e)
        {
            return Measurement.Failed(e.Message);
        }
        finally
        {
            if (evaluator is not null) await evaluator.DisposeAsync().ConfigureAwait(false);
            _places.Release();
        }
    }

    /// <summary>Ends the evaluators; no experiment may be under way.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_idle.TryTake(out var evaluator)) await evaluator.DisposeAsync().ConfigureAwait(false);
        _places.Dispose();
    }
}

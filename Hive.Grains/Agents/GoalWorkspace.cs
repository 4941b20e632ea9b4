using System.Collections.Concurrent;
using Hive.Evaluators;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Agents;

/// <summary>One goal on one silo: its specification read once, and evaluators that attempts take turns with, so that a program that stays is started once and not once an attempt.</summary>
public sealed class GoalWorkspace : IAsyncDisposable
{
    private readonly ConcurrentBag<IEvaluator> _idle = [];
    private readonly SemaphoreSlim _places;
    private readonly TimeProvider _time;
    private int _inUse;
    private volatile bool _closed;

    internal GoalWorkspace(GoalBrief brief, SemaphoreSlim places, TimeProvider time)
    {
        Brief = brief;
        _places = places;
        _time = time;
        Spec = GoalFile.Parse(brief.Spec);
        Space = SearchSpace.Of(Spec.Space);
        Touched = time.GetTimestamp();
    }

    /// <summary>What the silo was told of the goal.</summary>
    public GoalBrief Brief { get; }

    /// <summary>The goal.</summary>
    public GoalSpec Spec { get; }

    /// <summary>The goal's space, laid out.</summary>
    public SearchSpace Space { get; }

    internal long Touched { get; private set; }

    internal int InUse => Volatile.Read(ref _inUse);

    internal bool IsInUse => InUse > 0;

    /// <summary>Waits for one of the silo's places and takes an evaluator to it.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="EvaluatorException">There is no such evaluator.</exception>
    public ValueTask<Bench> EnterAsync(CancellationToken cancellation) => EnterAsync(fresh: false, cancellation);

    /// <summary>The same with an evaluator that has measured nothing before, and that need not be kept.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="EvaluatorException">There is no such evaluator.</exception>
    public ValueTask<Bench> EnterFreshAsync(CancellationToken cancellation) => EnterAsync(fresh: true, cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        while (_idle.TryTake(out var evaluator))
        {
            await evaluator.DisposeAsync();
        }
    }

    internal void Touch(long now) => Touched = now;

    private async ValueTask<Bench> EnterAsync(bool fresh, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _inUse);
        try
        {
            await _places.WaitAsync(cancellation);
        }
        catch
        {
            Interlocked.Decrement(ref _inUse);
            throw;
        }

        try
        {
            return new Bench(this, !fresh && _idle.TryTake(out var known) ? known : EvaluatorFactory.Create(Spec.Metric!.Evaluator, Spec.Metric, Space, Spec.Directory ?? Environment.CurrentDirectory, _time));
        }
        catch
        {
            Leave();
            throw;
        }
    }

    private void Leave()
    {
        Interlocked.Decrement(ref _inUse);
        _places.Release();
    }

    /// <summary>A place to work with an evaluator; disposing it gives the place back, and the evaluator ends unless it was kept.</summary>
    public sealed class Bench : IAsyncDisposable
    {
        private readonly GoalWorkspace _workspace;
        private bool _keep;

        internal Bench(GoalWorkspace workspace, IEvaluator evaluator) => (_workspace, Evaluator) = (workspace, evaluator);

        /// <summary>The evaluator; nobody else uses it meanwhile.</summary>
        public IEvaluator Evaluator { get; }

        /// <summary>The evaluator worked well: the next attempt may have it.</summary>
        public void Keep() => _keep = true;

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            try
            {
                if (_keep && !_workspace._closed)
                {
                    _workspace._idle.Add(Evaluator);
                }
                else
                {
                    await Evaluator.DisposeAsync();
                }
            }
            finally
            {
                _workspace.Leave();
            }
        }
    }
}

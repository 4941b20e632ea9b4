using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>A timer whose ticks are calls of its own activation. The next tick is set when one has ended, so ticks never pile up.</summary>
internal sealed class GrainTimer : IGrainTimer
{
    private static readonly GrainMethod TickMethod = GrainMethod.Internal(nameof(IGrainTimer), "Tick");
    private static readonly GrainMethod InterleavingTickMethod = GrainMethod.Internal(nameof(IGrainTimer), "Tick", GrainMethodOptions.AlwaysInterleave);

    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly CancellationTokenSource _ending = new();
    private readonly bool _keepAlive;
    private readonly GrainMethod _method;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private TimeSpan _dueTime;
    private TimeSpan _period;
    private bool _isTicking;
    private bool _isChanged;
    private bool _isDisposed;

    internal GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        Validate(options.DueTime, options.Period);
        _activation = activation;
        _callback = callback;
        _dueTime = options.DueTime;
        _period = options.Period;
        _keepAlive = options.KeepAlive;
        _method = options.Interleave ? InterleavingTickMethod : TickMethod;
        using (ExecutionContext.SuppressFlow())
        {
            _timer = activation.Silo.TimeProvider.CreateTimer(
                static state => ((GrainTimer)state!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Validate(dueTime, period);
        lock (_lock)
        {
            if (_isDisposed) return;
            _dueTime = dueTime;
            _period = period;
            _isChanged = _isTicking;
            if (!_isTicking) _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed) return;
            _isDisposed = true;
        }

        _timer.Dispose();
        _ending.Cancel();
        _activation.Forget(this);
    }

    internal void Start()
    {
        lock (_lock) _timer.Change(_dueTime, Timeout.InfiniteTimeSpan);
    }

    private static void Validate(TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        if (period != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
    }

    private void OnDue()
    {
        lock (_lock)
        {
            if (_isDisposed || _isTicking) return;
            _isTicking = true;
        }

        _activation.TryReceive(new TickCall(this));
    }

    private void OnTicked()
    {
        lock (_lock)
        {
            _isTicking = false;
            if (_isDisposed) return;
            _timer.Change(_isChanged ? _dueTime : _period, Timeout.InfiniteTimeSpan);
            _isChanged = false;
        }
    }

    private sealed class TickCall : VoidCall
    {
        private readonly GrainTimer _timer;

        internal TickCall(GrainTimer timer)
        {
            _timer = timer;
            ExpiresAt = long.MaxValue;
        }

        public override GrainMethod Method => _timer._method;

        internal override bool IsUse => _timer._keepAlive;

        internal override async ValueTask InvokeOn(Activation activation)
        {
            try
            {
                if (!_timer._ending.IsCancellationRequested) await _timer._callback(_timer._ending.Token);
            }
            catch (OperationCanceledException) when (_timer._ending.IsCancellationRequested)
            {
                // The timer has ended, and its callback with it.
            }
            catch (Exception exception)
            {
                activation.Owner.Log.TimerFailed(activation.GrainId, exception);
            }

            _timer.OnTicked();
        }

        protected override ValueTask Invoke(object target) => default;
    }
}

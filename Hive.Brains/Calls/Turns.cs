using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Hive.Brains.Calls;

/// <summary>Who may ask a brain, and when: a bounded number at once, first come first served, and nobody while it is shut off.</summary>
internal sealed partial class Turns(BrainSpec brain, BrainLimits limits, TimeProvider time, ILogger log)
{
    // Never disposed of: calls may end after the pool, and it holds nothing but memory.
    private readonly SemaphoreSlim _places = new(brain.MaxConcurrency, brain.MaxConcurrency);
    private readonly CircuitBreaker _breaker = new(limits.BreakerThreshold, limits.BreakerPause, limits.LongestBreakerPause, time);
    private int _waiting;
    private long _busyUntil = time.GetTimestamp();

    /// <summary>Waits for a turn.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="BrainException">Too many wait already, or the brain is shut off.</exception>
    public async ValueTask<Turn> TakeAsync(CancellationToken cancellation)
    {
        if (!_places.Wait(0, CancellationToken.None))
        {
            await WaitForPlaceAsync(cancellation).ConfigureAwait(false);
        }

        if (_breaker.TryEnter(out var isProbe, out var remaining))
        {
            return new Turn(this, isProbe);
        }

        _places.Release();
        throw new BrainException(BrainFault.Unreachable, mayHaveBeenPaid: false, string.Create(
            CultureInfo.InvariantCulture,
            $"brain '{brain.Name}' failed {limits.BreakerThreshold} times in a row and is left alone for {Math.Ceiling(remaining.TotalSeconds)} s more; 'hive brain test {brain.Name}' shows what is wrong"));
    }

    /// <summary>How long the server has asked everybody to wait.</summary>
    public TimeSpan BusyFor
    {
        get
        {
            var left = time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref _busyUntil));
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>The server asks to wait.</summary>
    /// <param name="wait">How long.</param>
    public void Busy(TimeSpan wait)
    {
        var until = time.GetTimestamp() + (long)(Math.Min(wait.TotalSeconds, 1e6) * time.TimestampFrequency);
        for (var seen = Volatile.Read(ref _busyUntil); until > seen;)
        {
            var before = Interlocked.CompareExchange(ref _busyUntil, until, seen);
            if (before == seen)
            {
                LogBusy(log, brain.Name, wait.TotalSeconds);
                return;
            }

            seen = before;
        }
    }

    private async ValueTask WaitForPlaceAsync(CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) > limits.MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new BrainException(BrainFault.Busy, mayHaveBeenPaid: false, $"{limits.MaxWaiting:N0} calls wait for brain '{brain.Name}' already; raise its \"maxConcurrency\", or ask less at once");
        }

        try
        {
            await _places.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private void End(BrainFault? fault, bool isAbandoned, bool isProbe)
    {
        _places.Release();
        if (isAbandoned)
        {
            _breaker.Abandon(isProbe);
        }
        else if (fault is not (BrainFault.Unreachable or BrainFault.Broken or BrainFault.TimedOut))
        {
            _breaker.Succeed();
        }
        else if (_breaker.Fail(isProbe))
        {
            LogShutOff(log, brain.Name, fault.Value);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Brain {Brain} is shut off for a while: {Fault} again and again")]
    private static partial void LogShutOff(ILogger log, string brain, BrainFault fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "Brain {Brain} asks to wait {Seconds} s")]
    private static partial void LogBusy(ILogger log, string brain, double seconds);

    /// <summary>One call's turn. It ends when it is disposed of; a turn that nothing was said of was given up.</summary>
    public sealed class Turn(Turns turns, bool isProbe) : IDisposable
    {
        private bool _isAbandoned = true;
        private bool _isEnded;
        private BrainFault? _fault;

        /// <summary>The brain answered.</summary>
        public void Succeed() => _isAbandoned = false;

        /// <summary>The call failed.</summary>
        /// <param name="fault">How.</param>
        public void Fail(BrainFault fault) => (_isAbandoned, _fault) = (false, fault);

        /// <inheritdoc/>
        public void Dispose()
        {
            if (!_isEnded)
            {
                _isEnded = true;
                turns.End(_fault, _isAbandoned, isProbe);
            }
        }
    }
}

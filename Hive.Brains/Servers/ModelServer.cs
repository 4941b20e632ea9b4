using System.Globalization;
using Hive.Brains.Configuration;
using Hive.Processes;
using Microsoft.Extensions.Logging;

namespace Hive.Brains.Servers;

/// <summary>
/// A server that runs only while it is needed: the first call starts it, callers who come meanwhile share that start, and it is stopped when it was idle for long enough
/// or the pool ends. One that crashed is started again by the next call. Nothing of it survives, not even this process's sudden end.
/// </summary>
internal sealed partial class ModelServer : IAsyncDisposable
{
    private readonly BrainEntry _brain;
    private readonly ServerStart _start;
    private readonly ReadinessCheck _readiness;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly ITimer _idle;
    private Task<ServerProcess?>? _running;
    private Task _stopping = Task.CompletedTask;
    private int _users;
    private bool _isEnded;

    /// <summary>Makes a server that does not run yet.</summary>
    /// <param name="brain">Its brain.</param>
    /// <param name="start">How it is started.</param>
    /// <param name="readiness">Tells whether it answers.</param>
    /// <param name="time">Measures.</param>
    /// <param name="log">Told of starts and stops.</param>
    public ModelServer(BrainEntry brain, ServerStart start, ReadinessCheck readiness, TimeProvider time, ILogger log)
    {
        (_brain, _start, _readiness, _time, _log) = (brain, start, readiness, time, log);
        _idle = time.CreateTimer(_ => StopIfIdle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Has the server running, and keeps it so until the use ends.</summary>
    /// <param name="cancellation">Gives up the wait, not the start, which others may share.</param>
    /// <exception cref="BrainException">It does not start; the message holds what it said.</exception>
    public async ValueTask<Use?> UseAsync(CancellationToken cancellation)
    {
        Task<ServerProcess?> running;
        lock (_lock)
        {
            if (_isEnded)
            {
                throw Ended();
            }

            _users++;
            _idle.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (_running is null or { IsCompletedSuccessfully: false, IsCompleted: true } or { IsCompletedSuccessfully: true, Result: null or { HasEnded: true } })
            {
                _running = StartAsync(_running, _stopping);
            }

            running = _running;
        }

        var use = new Use(this);
        try
        {
            await running.WaitAsync(cancellation).ConfigureAwait(false);
            return use;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            use.Dispose();
            throw Ended();
        }
        catch
        {
            use.Dispose();
            throw;
        }
    }

    /// <summary>Stops the server, and waits until nothing of it is left.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<ServerProcess?>? running;
        Task stopping;
        lock (_lock)
        {
            _isEnded = true;
            (running, _running, stopping) = (_running, null, _stopping);
        }

        // Off the lock: whoever waits for the start goes on within this call.
        await _ending.CancelAsync().ConfigureAwait(false);
        await _idle.DisposeAsync().ConfigureAwait(false);
        await stopping.ConfigureAwait(false);
        await StopAsync(running).ConfigureAwait(false);
        _ending.Dispose();
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_users == 0 && !_isEnded)
            {
                _idle.Change(_start.Idle, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void StopIfIdle()
    {
        lock (_lock)
        {
            if (_users > 0 || _running is not { } running || _isEnded)
            {
                return;
            }

            _running = null;
            var before = _stopping;
            _stopping = Task.Run(async () =>
            {
                await before.ConfigureAwait(false);
                await StopAsync(running).ConfigureAwait(false);
            });
        }
    }

    private async Task StopAsync(Task<ServerProcess?>? running)
    {
        if (running is null)
        {
            return;
        }

        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (running is { IsCompletedSuccessfully: true, Result: { } process })
        {
            await process.DisposeAsync().ConfigureAwait(false);
            LogStopped(_log, _brain.Spec.Name);
        }
    }

    /// <returns>The process; absent where somebody else's server answers there already.</returns>
    private async Task<ServerProcess?> StartAsync(Task<ServerProcess?>? before, Task stopping)
    {
        // Off the lock, and off the caller's thread: starting a process takes a while.
        await Task.Yield();
        await stopping.ConfigureAwait(false);
        await StopAsync(before).ConfigureAwait(false);
        if (await _readiness.IsReadyAsync(_ending.Token).ConfigureAwait(false))
        {
            return null;
        }

        var process = ServerProcess.Start(_brain, _start, _time);
        try
        {
            await WaitUntilReadyAsync(process).ConfigureAwait(false);
            LogStarted(_log, _brain.Spec.Name);
            return process;
        }
        catch
        {
            await process.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task WaitUntilReadyAsync(ServerProcess process)
    {
        var begun = _time.GetTimestamp();
        while (!await _readiness.IsReadyAsync(_ending.Token).ConfigureAwait(false))
        {
            if (process.HasEnded)
            {
                throw await FailedAsync(process, "ended before it answered").ConfigureAwait(false);
            }

            if (_time.GetElapsedTime(begun) > _start.Ready)
            {
                throw await FailedAsync(process, $"did not answer within {_start.Ready.TotalSeconds:0.###} s (\"readySeconds\")").ConfigureAwait(false);
            }

            await process.Exited.WaitAsync(ReadinessCheck.Pause, _time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask<BrainException> FailedAsync(ServerProcess process, string what)
    {
        var said = await process.SaidAsync().ConfigureAwait(false);
        return new BrainException(BrainFault.Unreachable, mayHaveBeenPaid: false, string.Create(
            CultureInfo.InvariantCulture, $"brain '{_brain.Spec.Name}': its server '{string.Join(' ', _start.Command)}' {what}{(said.Length > 0 ? $"; it said: {said}" : "")}"));
    }

    private BrainException Ended() => new(BrainFault.Unreachable, mayHaveBeenPaid: false, $"brain '{_brain.Spec.Name}': the brains of this process were closed before its server was started");

    [LoggerMessage(Level = LogLevel.Information, Message = "The server of brain {Brain} is started")]
    private static partial void LogStarted(ILogger log, string brain);

    [LoggerMessage(Level = LogLevel.Information, Message = "The server of brain {Brain} is stopped")]
    private static partial void LogStopped(ILogger log, string brain);

    /// <summary>One call's use of the server.</summary>
    public sealed class Use(ModelServer server) : IDisposable
    {
        private int _isEnded;

        /// <inheritdoc/>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isEnded, 1) == 0)
            {
                server.Leave();
            }
        }
    }
}

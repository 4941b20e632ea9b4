using Hive.Brains;
using Hive.Brains.Configuration;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hive.Silo.Hosting;

/// <summary>
/// The brains of a silo that runs for long. Where local servers are to be looked for, its start does not wait for that: brains are there a moment later, and are announced then.
/// </summary>
internal sealed class SiloBrains(BrainsFile file, TimeProvider time, ILoggerFactory loggers) : IBrains, IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _looking = Task.CompletedTask;
    private volatile BrainPool? _pool;
    private int _isDisposed;

    public IReadOnlyList<BrainSpec> All => _pool?.All ?? [];

    public IChatClient Open(string name) => _pool?.Open(name) ?? throw new KeyNotFoundException($"there is no brain '{name}' here yet");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _looking = LookAsync();
        return file.Discover ? Task.CompletedTask : _looking;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stop.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync();
        await _looking;
        if (_pool is { } pool)
        {
            await pool.DisposeAsync();
        }

        _stop.Dispose();
    }

    private async Task LookAsync()
    {
        try
        {
            _pool = await BrainPool.OpenAsync(file, time, loggers, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The silo stops before it knows its brains.
        }
    }
}

using Hive.Silos;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hive.Silo.Hosting;

/// <summary>Announces the silo to the hub's registry for as long as it lives, and takes its leave at a gentle stop.</summary>
internal sealed partial class SiloAnnouncer(IGrainFactory grains, HiveOptions options, TimeProvider time, ILogger<SiloAnnouncer> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(15);

    private bool _isAnnounced;

    private IRegistryGrain Registry => grains.GetGrain<IRegistryGrain>(IRegistryGrain.Key);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // The first announcement belongs to the start: whoever submits a goal next finds the silo.
        await AnnounceAsync();
        _isAnnounced = true;
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!_isAnnounced)
        {
            return;
        }

        try
        {
            await Registry.LeaveAsync(options.Name).WaitAsync(TimeSpan.FromSeconds(1), time, cancellationToken);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or OperationCanceledException)
        {
            LogNotTold(e, options.Name);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await AnnounceAsync();
            }
            catch (Exception e) when (e is OrleansException or TimeoutException)
            {
                LogNotTold(e, options.Name);
            }
        }
    }

    private Task AnnounceAsync() => Registry.AnnounceAsync(new SiloAnnouncement(options.Name, options.Tier, options.Cores, Life.TotalSeconds));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The hub could not be told of silo {Silo}; it is told again in a few seconds")]
    private partial void LogNotTold(Exception e, string silo);
}

using System.Collections.Immutable;
using Hive.Agents;
using Hive.Silos;
using Hive.Skills;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hive.Silo.Hosting;

/// <summary>Announces the silo to the hub's registry for as long as it lives, as often as the hub asks, and takes its leave at a gentle stop.</summary>
internal sealed partial class SiloAnnouncer(
    IGrainFactory grains,
    HiveOptions options,
    SiloIncarnation incarnation,
    GoalWorkspaces workspaces,
    SkillSandbox skills,
    BrainAsker brains,
    TimeProvider time,
    ILogger<SiloAnnouncer> logger) : BackgroundService
{
    /// <summary>A hub's own announcement cannot outlive the hub, so it need not be short; a hub that is busy does not forget itself.</summary>
    private const double LifeOnHub = 30;

    /// <summary>How long a start waits for a name that a silo which died still holds, beyond what the hub says.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private AnnouncementTerms _terms = new(1, 5);
    private Hardware _hardware = options.Hardware ?? new Hardware(options.Cores, HardwareProbe.MemoryMiB(), []);
    private Bandwidth _bandwidth;
    private double _coreSpeed;
    private long _sequence;
    private bool _isHere;

    private IRegistryGrain Registry => grains.GetGrain<IRegistryGrain>(IRegistryGrain.Key);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _coreSpeed = CoreSpeed.Measure(time);

        // The first announcement belongs to the start: whoever submits a goal next finds the silo, and a name that is taken is told at once.
        await JoinAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!_isHere)
        {
            return;
        }

        _isHere = false;

        try
        {
            await Registry.LeaveAsync(options.Name, incarnation.Id).WaitAsync(TimeSpan.FromSeconds(1), time, cancellationToken);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or OperationCanceledException)
        {
            LogNotTold(e, options.Name);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var looking = LookAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(_terms.EverySeconds), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
            {
                await AnnounceAgainAsync();
            }
        }

        await looking;
    }

    /// <summary>A silo that was killed and started again waits until the hub has forgotten the life before.</summary>
    private async Task JoinAsync(CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        for (TimeSpan? patience = null; ;)
        {
            try
            {
                await AnnounceAsync();
                return;
            }
            catch (Exception e) when (!options.IsHub && e is OrleansException or TimeoutException)
            {
                // A silo may be there before its hub is: it is told of once one is.
                LogNotTold(e, options.Name);
                return;
            }
            catch (SiloRefusedException e) when (e.SecondsToWait > 0)
            {
                patience ??= TimeSpan.FromSeconds(e.SecondsToWait) + Patience;
                if (time.GetElapsedTime(began) > patience)
                {
                    throw;
                }

                LogWaiting(options.Name, e.SecondsToWait);
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(1, e.SecondsToWait)), time, cancellation);
            }
        }
    }

    private async Task AnnounceAgainAsync()
    {
        try
        {
            await AnnounceAsync();
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or SiloRefusedException)
        {
            LogNotTold(e, options.Name);
        }
    }

    private async Task AnnounceAsync()
    {
        _sequence++;
        var offers = brains.Offers.Take(SiloAnnouncement.MaxBrains).ToImmutableArray();
        _terms = await Registry.AnnounceAsync(new SiloAnnouncement(options.Name, options.Tier, options.Cores, options.IsHub ? LifeOnHub : _terms.SecondsToLive)
        {
            Incarnation = incarnation.Id,
            MemoryMiB = _hardware.MemoryMiB,
            Gpus = _hardware.Gpus,
            Bandwidth = _bandwidth,
            Skills = skills.Addresses,
            Models = [.. offers.Select(brain => brain.Model).Distinct(StringComparer.Ordinal)],
            Brains = offers,
            RunningAgents = workspaces.Running,
            FreePlaces = workspaces.FreePlaces,
            CoreSpeed = _coreSpeed,
            Sequence = _sequence,
        });
        _isHere = true;
    }

    /// <summary>What takes longer than a start should is found out afterwards and told with the next announcement.</summary>
    private async Task LookAsync(CancellationToken stop)
    {
        try
        {
            _hardware = options.Hardware ?? await HardwareProbe.ReadAsync(stop);
            _bandwidth = await LineSpeed.MeasureAsync(Registry, time);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or OperationCanceledException)
        {
            LogNotMeasured(e, options.Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The hub could not be told of silo {Silo}; it is told again in a few seconds")]
    private partial void LogNotTold(Exception e, string silo);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The name {Silo} is still held by a silo that was here before; waiting {Seconds:F1} s for it to be forgotten")]
    private partial void LogWaiting(string silo, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "The hardware and line of silo {Silo} were not measured")]
    private partial void LogNotMeasured(Exception e, string silo);
}

using Hive.Nats;
using Hive.Storage;

namespace Hive.Silo.Hosting;

/// <summary>
/// Keeps a hub on a database: takes the lease, serves while it is held, stops all grains when it is lost, and asks for a new one. Of many such hosts on one database one
/// serves at a time; the others stand by.
/// </summary>
internal sealed class HubHost(Action<HiveOptions> configure, TimeProvider time, TextWriter tell)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(20);

    /// <summary>How long grains have to end once the lease is lost; it is shorter than <see cref="HubLeaseTerms.SafetyMargin"/>.</summary>
    private static readonly TimeSpan LostPatience = TimeSpan.FromMilliseconds(500);

    private readonly HiveOptions _options = Configured(configure);

    /// <summary>Database and grid were there once: what goes wrong from now on passes, or is told and tried again.</summary>
    private bool _hasBegun;

    /// <summary>Serves until cancelled.</summary>
    /// <param name="standby">Whether to wait while another hub lives, instead of refusing to start beside it.</param>
    /// <param name="cancellation">Stops gently.</param>
    /// <exception cref="StorageException">The database cannot be opened at the start.</exception>
    /// <exception cref="NatsException">The grid cannot be joined at the start, or does not take this hub in any more.</exception>
    /// <exception cref="HubTakenException">Another hub serves the database, and this one was not told to stand by.</exception>
    public async Task RunAsync(bool standby, CancellationToken cancellation)
    {
        await RequireGridAsync(cancellation);
        while (true)
        {
            try
            {
                var database = await HiveDatabase.OpenAsync(HubStorage.LocationOf(_options.Database), HubStorage.Options, time, cancellation);
                await using (database)
                {
                    await using var lease = await AcquireAsync(database, standby || _hasBegun, cancellation);
                    await ServeAsync(database, lease, cancellation);
                }
            }
            catch (Exception e) when (_hasBegun && !cancellation.IsCancellationRequested && IsPassing(e))
            {
                tell.WriteLine($"hub {_options.Name}: {e.Message}");
                await Task.Delay(RetryPause, time, cancellation);
            }
        }
    }

    private static HiveOptions Configured(Action<HiveOptions> configure)
    {
        var options = new HiveOptions();
        configure(options);
        return options;
    }

    /// <summary>What may be over the next time.</summary>
    private static bool IsPassing(Exception e) => e switch
    {
        StorageException { Fault: StorageFault.Unreachable or StorageFault.LeaseLost or StorageFault.Locked or StorageFault.Overloaded } => true,
        NatsException { Kind: NatsErrorKind.Refused or NatsErrorKind.TimedOut or NatsErrorKind.ConnectionLost or NatsErrorKind.ServerError or NatsErrorKind.Closed } => true,
        OrleansException { InnerException: { } inner } => IsPassing(inner),
        AggregateException several => several.InnerExceptions.All(IsPassing),
        TimeoutException or OperationCanceledException => true,
        _ => false,
    };

    /// <summary>A hub that stands by for a year must not find out at the end of it that it may not join its grid.</summary>
    private async Task RequireGridAsync(CancellationToken cancellation)
    {
        if (_options.Grid is { } grid)
        {
            await (await NatsConnection.ConnectAsync(grid.ToNats($"hive hub {_options.Name}", time), cancellation)).DisposeAsync();
        }
    }

    private async Task<HubLease> AcquireAsync(HiveDatabase database, bool standby, CancellationToken cancellation)
    {
        HubLeaseAttempt? seen = null;
        while (true)
        {
            var attempt = await HubLease.TryAcquireAsync(database, _options.Name, cancellation);
            if (attempt.Lease is { } lease)
            {
                return lease;
            }

            if (seen is null)
            {
                tell.WriteLine(standby
                    ? $"hub {_options.Name} stands by: {attempt.Holder} serves {database.Display}"
                    : $"hub {_options.Name} waits to see whether {attempt.Holder} still lives");
            }

            // A lease that outlives what was left of it was renewed: its holder lives.
            if (!standby && (attempt.Remaining == TimeSpan.MaxValue || (seen is not null && attempt.Epoch == seen.Epoch && attempt.Remaining > seen.Remaining)))
            {
                throw new HubTakenException(
                    $"{attempt.Holder} is the hub of {database.Display}. Stop it first, or start this one with --standby to have it take over when that one fails.");
            }

            _hasBegun |= standby;
            seen = attempt;
            var wait = attempt.Remaining < Poll ? attempt.Remaining + LeastWait : Poll;
            await Task.Delay(wait > LeastWait ? wait : LeastWait, time, cancellation);
        }
    }

    /// <summary>Serves until the lease is lost or the host is asked to stop.</summary>
    private async Task ServeAsync(HiveDatabase database, HubLease lease, CancellationToken cancellation)
    {
        await using var silo = await RunningSilo.StartAsync(
            options =>
            {
                configure(options);
                options.Hub = new HubAuthority(database, lease);
            },
            cancellation);
        _hasBegun = true;
        tell.WriteLine($"hub {_options.Name} serves {database.Display} with lease {lease.Epoch}");
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lease.Lost);
        try
        {
            await silo.WaitForShutdownAsync(over.Token);
        }
        catch (OperationCanceledException)
        {
            // Either way of ending is looked at below.
        }

        cancellation.ThrowIfCancellationRequested();
        var reason = lease.Lost.IsCancellationRequested ? "has lost" : "was cut off from its grid and lets go of";
        tell.WriteLine($"hub {_options.Name} {reason} lease {lease.Epoch}; its grains stop, and it asks for a new one");
        using var patience = new CancellationTokenSource(LostPatience, time);
        try
        {
            await silo.StopAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // What has not ended by now is cut off.
        }
    }
}

/// <summary>The authority under which a hub's silo runs.</summary>
/// <param name="Database">The database, open and fenced; it outlives the silo.</param>
/// <param name="Lease">The lease on it.</param>
internal sealed record HubAuthority(HiveDatabase Database, HubLease Lease);

/// <summary>Another hub serves the database.</summary>
internal sealed class HubTakenException(string message) : Exception(message);

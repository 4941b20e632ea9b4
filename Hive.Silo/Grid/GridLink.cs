using Hive.Client.Grid;
using Hive.Nats;

namespace Hive.Silo.Grid;

/// <summary>A process's connection to its grid, shared by everything in it.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Options">The grid.</param>
/// <param name="Authority">Whether this process may act as the hub at this moment; null where it is none.</param>
internal sealed record GridLink(NatsConnection Connection, GridOptions Options, Func<bool>? Authority)
{
    /// <summary>Whether a hub may act; it is looked at for each message, so that a hub that wakes up too late is silent.</summary>
    public bool MayAct => Authority?.Invoke() ?? false;
}

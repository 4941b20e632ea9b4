using Hive.Placement;

namespace Hive.Silos;

/// <summary>
/// The silos that are here, for whoever asks: the scheduler of goals and <c>hive silo list</c> read the same table.
/// The state is in memory alone: silos announce themselves again within seconds of a hub's start.
/// </summary>
/// <param name="time">The clock announcements expire by.</param>
[HubPlacement]
public sealed class RegistryGrain(TimeProvider time) : Grain, IRegistryGrain
{
    /// <summary>How many silos one hub takes in.</summary>
    public const int MaxSilos = 100_000;

    private readonly SiloTable _silos = new(time, MaxSilos);

    /// <inheritdoc/>
    public Task<AnnouncementTerms> AnnounceAsync(SiloAnnouncement announcement) => Task.FromResult(_silos.Announce(announcement));

    /// <inheritdoc/>
    public Task LeaveAsync(string silo, string incarnation)
    {
        _silos.Leave(silo, incarnation);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<SiloAnnouncement[]> ListAsync() => Task.FromResult(_silos.List());

    /// <inheritdoc/>
    public Task<SiloAnnouncement[]> FindAsync(SiloQuery query) => Task.FromResult(_silos.List().Where(query.Matches).ToArray());

    /// <inheritdoc/>
    public Task MeasureLineAsync(byte[] payload) =>
        payload.Length <= IRegistryGrain.MaxPayload ? Task.CompletedTask : throw new ArgumentException($"a payload has at most {IRegistryGrain.MaxPayload:N0} bytes", nameof(payload));
}

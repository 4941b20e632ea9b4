using Orleans.Concurrency;

namespace Hive.Silos;

/// <summary>The silos that have joined, as they announce themselves. It lives on the hub; its key is <see cref="Key"/>.</summary>
[Alias("hive.registry")]
public interface IRegistryGrain : IGrainWithStringKey
{
    /// <summary>The one key.</summary>
    const string Key = "registry";

    /// <summary>Announces a silo, or renews its announcement. One that is not renewed vanishes by itself.</summary>
    /// <param name="announcement">What the silo offers.</param>
    [Alias("announce")]
    Task AnnounceAsync(SiloAnnouncement announcement);

    /// <summary>Takes a silo's announcement back: it is leaving.</summary>
    /// <param name="silo">The silo's name.</param>
    [Alias("leave")]
    Task LeaveAsync(string silo);

    /// <summary>The silos that are here, by name.</summary>
    [Alias("list"), AlwaysInterleave, ReadOnly]
    Task<SiloAnnouncement[]> ListAsync();
}

/// <summary>What a silo offers.</summary>
/// <param name="Name">The silo's name, unique in its hive.</param>
/// <param name="Tier">Its tier: <c>edge</c>, <c>worker</c> or <c>core</c>.</param>
/// <param name="Cores">How many attempts it runs at once.</param>
/// <param name="SecondsToLive">How long this announcement holds, in seconds, unless it is renewed.</param>
[GenerateSerializer, Immutable, Alias("hive.silo-announcement")]
public sealed record SiloAnnouncement(
    [property: Id(0)] string Name,
    [property: Id(1)] string Tier,
    [property: Id(2)] int Cores,
    [property: Id(3)] double SecondsToLive);

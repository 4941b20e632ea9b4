using Orleans.Concurrency;

namespace Hive.Silos;

/// <summary>The silos that have joined, as they announce themselves. It lives on the hub; its key is <see cref="Key"/>.</summary>
[Alias("hive.registry")]
public interface IRegistryGrain : IGrainWithStringKey
{
    /// <summary>The one key.</summary>
    const string Key = "registry";

    /// <summary>The largest payload that <see cref="MeasureLineAsync"/> takes, in bytes.</summary>
    const int MaxPayload = 256 * 1024;

    /// <summary>Announces a silo, or renews its announcement. One that is not renewed vanishes by itself; of two, the one that holds longer counts.</summary>
    /// <param name="announcement">What the silo offers.</param>
    /// <returns>How often the silo is to announce itself, and for how long.</returns>
    /// <exception cref="SiloRefusedException">The name belongs to another silo that is alive, the announcement is out of bounds, or its version is another.</exception>
    [Alias("announce")]
    Task<AnnouncementTerms> AnnounceAsync(SiloAnnouncement announcement);

    /// <summary>Takes a silo's announcement back: it is leaving. Another life under the same name stays.</summary>
    /// <param name="silo">The silo's name.</param>
    /// <param name="incarnation">The life that leaves.</param>
    [Alias("leave")]
    Task LeaveAsync(string silo, string incarnation);

    /// <summary>The silos that are here, by name.</summary>
    [Alias("list"), AlwaysInterleave, ReadOnly]
    Task<SiloAnnouncement[]> ListAsync();

    /// <summary>The silos that are here and can do what is asked for, by name.</summary>
    /// <param name="query">What they must be able to do.</param>
    [Alias("find"), AlwaysInterleave, ReadOnly]
    Task<SiloAnnouncement[]> FindAsync(SiloQuery query);

    /// <summary>Takes a payload and throws it away: how long that takes tells how fast the line is.</summary>
    /// <param name="payload">Any bytes, at most <see cref="MaxPayload"/>.</param>
    [Alias("measure-line"), AlwaysInterleave, ReadOnly]
    Task MeasureLineAsync(byte[] payload);
}

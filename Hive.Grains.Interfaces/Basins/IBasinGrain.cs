using Orleans.Concurrency;

namespace Hive.Basins;

/// <summary>
/// The basins of one research domain, whose name is the key: the canonical one, its forks and their history. It lives on the hub; nobody else moves a basin. Packets and deltas
/// travel as their canonical bytes (docs/basins.md) and are checked here, whoever sends them.
/// </summary>
[Alias("hive.basin")]
public interface IBasinGrain : IGrainWithStringKey
{
    /// <summary>Founds the domain's basins; where they are founded already, does nothing.</summary>
    /// <param name="space">The description of the space of techniques, as canonical JSON.</param>
    /// <param name="fingerprint">The domain's fingerprint.</param>
    /// <returns>The address of the newest canonical packet.</returns>
    /// <exception cref="ArgumentException">They are founded on another space or on other data, or the arguments are none.</exception>
    [Alias("found")]
    Task<string> FoundAsync(byte[] space, string fingerprint);

    /// <summary>What there is.</summary>
    /// <exception cref="KeyNotFoundException">The domain has no basins.</exception>
    [Alias("status"), AlwaysInterleave, ReadOnly]
    Task<BasinStatus> GetStatusAsync();

    /// <summary>The newest packet of a branch.</summary>
    /// <param name="branch">The branch; <c>main</c> is the canonical one.</param>
    /// <exception cref="KeyNotFoundException">There is no such branch.</exception>
    [Alias("packet"), AlwaysInterleave, ReadOnly]
    Task<byte[]> GetPacketAsync(string branch);

    /// <summary>The packets behind a branch, children before parents.</summary>
    /// <param name="branch">The branch.</param>
    /// <param name="most">The most packets, 1 to 512.</param>
    /// <exception cref="KeyNotFoundException">There is no such branch.</exception>
    [Alias("log"), AlwaysInterleave, ReadOnly]
    Task<byte[][]> GetLogAsync(string branch, int most);

    /// <summary>Takes a delta in, to wait for the next merge.</summary>
    /// <param name="delta">Its canonical bytes.</param>
    /// <param name="capacity">What its author can do, relative to others.</param>
    /// <param name="trust">How far its author is trusted, from 0 to 1.</param>
    [Alias("submit")]
    Task<BasinAnswer> SubmitAsync(byte[] delta, double capacity, double trust);

    /// <summary>Merges the deltas that wait into the canonical basin.</summary>
    /// <param name="reviews">What review says of the claims that they name.</param>
    /// <param name="experiments">How many experiments the domain has seen since the last merge.</param>
    [Alias("merge")]
    Task<BasinMerged> MergeAsync(ClaimReview[] reviews, long experiments);

    /// <summary>Takes a packet from elsewhere in, as a branch of its own.</summary>
    /// <param name="packet">Its canonical bytes.</param>
    /// <param name="branch">The branch.</param>
    [Alias("import")]
    Task<BasinAnswer> ImportAsync(byte[] packet, string branch);

    /// <summary>Begins a branch where another one is, to specialise.</summary>
    /// <param name="from">The branch to fork.</param>
    /// <param name="name">The new branch.</param>
    /// <returns>The address at which it begins.</returns>
    /// <exception cref="ArgumentException">The name is none, or taken.</exception>
    /// <exception cref="KeyNotFoundException">There is no branch to fork.</exception>
    [Alias("fork")]
    Task<string> ForkAsync(string from, string name);

    /// <summary>Merges a branch into another, relative to their common ancestor.</summary>
    /// <param name="from">The branch to bring back.</param>
    /// <param name="into">The branch that moves.</param>
    /// <returns>The address of its newest packet.</returns>
    /// <exception cref="KeyNotFoundException">There is no such branch.</exception>
    [Alias("merge-back")]
    Task<string> MergeBackAsync(string from, string into);

    /// <summary>Counts a use of a branch.</summary>
    /// <param name="branch">The branch.</param>
    /// <param name="gain">What its user gained over the baseline; higher is better.</param>
    /// <exception cref="KeyNotFoundException">There is no such branch.</exception>
    [Alias("use")]
    Task UseAsync(string branch, double gain);

    /// <summary>Makes the fittest branch canonical and moves the others towards it.</summary>
    /// <param name="share">How far of the way, from 0 to 1.</param>
    /// <returns>The fittest branch.</returns>
    [Alias("evolve")]
    Task<string> EvolveAsync(double share);

    /// <summary>Reads every packet of a branch again from its bytes and holds it against its address.</summary>
    /// <param name="branch">The branch.</param>
    /// <returns>What was found; a packet that was changed is an answer, not an exception.</returns>
    /// <exception cref="KeyNotFoundException">There is no such branch.</exception>
    [Alias("verify"), AlwaysInterleave, ReadOnly]
    Task<BasinVerified> VerifyAsync(string branch);
}

using System.Collections.Immutable;

namespace Hive.Basins;

/// <summary>All that a <see cref="BasinKeeper"/> knows, to be stored.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Fingerprint">The domain's fingerprint.</param>
/// <param name="Space">The space's description (<see cref="BasinSpaceText"/>).</param>
/// <param name="Packets">The history, in the order in which it came.</param>
/// <param name="Branches">The branches.</param>
/// <param name="Window">The lengths of the deltas accepted last.</param>
/// <param name="Pending">Deltas that wait to be merged.</param>
public sealed record BasinArchive(
    string Domain,
    string Fingerprint,
    byte[] Space,
    ImmutableArray<KeyValuePair<string, byte[]>> Packets,
    ImmutableArray<BasinBranch> Branches,
    ImmutableArray<double> Window,
    ImmutableArray<StoredDelta> Pending);

/// <summary>A delta that waits.</summary>
/// <param name="Bytes">Its canonical bytes.</param>
/// <param name="Capacity">What its author can do.</param>
/// <param name="Trust">How far its author is trusted.</param>
public sealed record StoredDelta(byte[] Bytes, double Capacity, double Trust);

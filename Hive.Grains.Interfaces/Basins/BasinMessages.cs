namespace Hive.Basins;

/// <summary>The basins of a domain.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Fingerprint">The domain's fingerprint.</param>
/// <param name="Space">The description of its space.</param>
/// <param name="Branches">The branches, by name.</param>
/// <param name="Pending">How many deltas wait to be merged.</param>
[GenerateSerializer, Immutable, Alias("hive.basin-status")]
public sealed record BasinStatus(
    [property: Id(0)] string Domain,
    [property: Id(1)] string Fingerprint,
    [property: Id(2)] byte[] Space,
    [property: Id(3)] BranchStatus[] Branches,
    [property: Id(4)] int Pending);

/// <summary>One line of basins.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Tip">The address of its newest packet.</param>
/// <param name="Fitness">The mean gain of those who used it.</param>
/// <param name="Uses">How many did.</param>
[GenerateSerializer, Immutable, Alias("hive.basin-branch")]
public sealed record BranchStatus([property: Id(0)] string Name, [property: Id(1)] string Tip, [property: Id(2)] double Fitness, [property: Id(3)] long Uses);

/// <summary>Whether something was taken.</summary>
/// <param name="Address">Its address; empty where it was not taken.</param>
/// <param name="Refusal">Why it was not; absent where it was.</param>
[GenerateSerializer, Immutable, Alias("hive.basin-answer")]
public sealed record BasinAnswer([property: Id(0)] string Address, [property: Id(1)] string? Refusal);

/// <summary>What review says of a claim.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Configuration">The values of the configuration that it is about, in the space's order.</param>
/// <param name="Replicated">Whether independent agents ran it again and agree.</param>
[GenerateSerializer, Immutable, Alias("hive.claim-review")]
public sealed record ClaimReview([property: Id(0)] string Claim, [property: Id(1)] double[] Configuration, [property: Id(2)] bool Replicated);

/// <summary>What a merge came to.</summary>
/// <param name="Tip">The address of the newest canonical packet.</param>
/// <param name="Moved">How far the basin moved, in Fisher–Rao distance.</param>
/// <param name="Accepted">How many deltas were taken.</param>
/// <param name="Refusals">Why the others were not, a line each.</param>
[GenerateSerializer, Immutable, Alias("hive.basin-merged")]
public sealed record BasinMerged([property: Id(0)] string Tip, [property: Id(1)] double Moved, [property: Id(2)] int Accepted, [property: Id(3)] string[] Refusals);

/// <summary>What a look at the history found.</summary>
/// <param name="Verified">How many packets have the address that their bytes say.</param>
/// <param name="Beyond">Addresses at which ancestry ends because the packets are no longer kept.</param>
/// <param name="Fault">What is wrong; absent where nothing is.</param>
[GenerateSerializer, Immutable, Alias("hive.basin-verified")]
public sealed record BasinVerified([property: Id(0)] int Verified, [property: Id(1)] string[] Beyond, [property: Id(2)] string? Fault);

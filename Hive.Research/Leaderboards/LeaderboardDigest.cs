using System.Collections.Immutable;
using System.Numerics;
using Hive.Randomness;

namespace Hive.Leaderboards;

/// <summary>
/// A leaderboard in a kilobyte: its agents in <see cref="Parts"/> parts, a 64-bit sum over the hashes of what is known in each. Equal parts are equal but for chance, so two
/// replicas find what to tell each other without a history of who told what to whom.
/// </summary>
internal sealed class LeaderboardDigest
{
    public const int Parts = 128;

    private LeaderboardDigest(ImmutableArray<ulong> sums) => Sums = sums;

    /// <summary>A sum for each part.</summary>
    public ImmutableArray<ulong> Sums { get; }

    /// <summary>The digest of a board as it is.</summary>
    public static LeaderboardDigest Of(Leaderboard board)
    {
        var sums = new ulong[Parts];
        var whole = board.ToDelta();
        foreach (var (claim, status) in whole.Claims)
        {
            sums[PartOf(claim.Agent)] += SeededRandom.Mix(claim.Hash, (ulong)status);
        }

        foreach (var count in whole.Counts)
        {
            sums[PartOf(count.Agent)] += SeededRandom.Mix(SeededRandom.Mix(NameHash(count.Agent), (ulong)count.Epoch), (ulong)count.Experiments);
        }

        return new LeaderboardDigest([.. sums]);
    }

    /// <summary>A digest as another replica sent it.</summary>
    public static LeaderboardDigest Read(ref PacketReader reader)
    {
        var sums = new ulong[Parts];
        foreach (ref var sum in sums.AsSpan())
        {
            sum = reader.UInt64();
        }

        return new LeaderboardDigest([.. sums]);
    }

    /// <summary>Writes what <see cref="Read"/> reads.</summary>
    public void Write(PacketWriter writer)
    {
        foreach (var sum in Sums)
        {
            writer.UInt64(sum);
        }
    }

    /// <summary>Whether all parts are the same.</summary>
    public bool IsSame(LeaderboardDigest other) => Sums.AsSpan().SequenceEqual(other.Sums.AsSpan());

    /// <summary>The part that an agent belongs to, the same on every machine.</summary>
    public static int PartOf(string agent) => (int)(NameHash(agent) % Parts);

    /// <summary>FNV-1a, 64 bits, over the characters, stirred once more.</summary>
    private static ulong NameHash(string name)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var letter in name)
        {
            hash = (hash ^ letter) * 0x100000001B3;
        }

        return BitOperations.RotateLeft(SeededRandom.Mix(hash, (ulong)name.Length), 17);
    }
}

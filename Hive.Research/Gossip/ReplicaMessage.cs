using System.Collections.Immutable;
using System.Text;
using Hive.Leaderboards;

namespace Hive.Gossip;

/// <summary>What replicas of a leaderboard tell each other: a digest of the whole, or a piece of it.</summary>
/// <param name="Sender">A number that the sending replica drew, to know its own messages by.</param>
/// <param name="At">The sender's clock.</param>
/// <param name="Digest">The sender's whole board in short; null in a piece.</param>
/// <param name="Delta">A piece; null in a digest.</param>
/// <param name="Complete">The parts of which everything has been sent with this piece, with the sums that the sender's digest has for them.</param>
internal sealed record ReplicaMessage(
    ulong Sender, HybridTimestamp At, LeaderboardDigest? Digest, LeaderboardDelta? Delta, ImmutableArray<(int Part, ulong Sum)> Complete)
{
    private const int ClaimOverhead = 29;
    private const int CountOverhead = 17;

    /// <summary>What claims and counts of one piece may come to: an event, less what stands around them.</summary>
    private const int PieceBytes = IEventBus.MaxEventBytes - 2_048;

    private static ReadOnlySpan<byte> DigestMagic => "HLD1"u8;

    private static ReadOnlySpan<byte> PieceMagic => "HLP1"u8;

    public static byte[] OfDigest(ulong sender, HybridTimestamp at, LeaderboardKey key, LeaderboardDigest digest)
    {
        var writer = Begin(DigestMagic, sender, at);
        writer.Key(key);
        digest.Write(writer);
        return writer.Written.ToArray();
    }

    public static byte[] OfPiece(ulong sender, HybridTimestamp at, LeaderboardDelta delta, IReadOnlyCollection<(int Part, ulong Sum)> complete)
    {
        var writer = Begin(PieceMagic, sender, at);
        writer.Byte((byte)complete.Count);
        foreach (var (part, sum) in complete)
        {
            writer.Byte((byte)part);
            writer.UInt64(sum);
        }

        writer.Bytes(delta.ToBytes());
        return writer.Written.ToArray();
    }

    /// <summary>Cuts a delta so that each piece fits an event.</summary>
    public static IEnumerable<LeaderboardDelta> Cut(LeaderboardDelta delta)
    {
        var (claims, counts, bytes) = (ImmutableArray.CreateBuilder<JudgedClaim>(), ImmutableArray.CreateBuilder<ExperimentCount>(), 0);
        foreach (var claim in delta.Claims)
        {
            bytes += ClaimOverhead + claim.Claim.Agent.Length + claim.Claim.Experiment.Length + Encoding.UTF8.GetByteCount(claim.Claim.Configuration);
            if (bytes > PieceBytes)
            {
                yield return new LeaderboardDelta(delta.Key, claims.DrainToImmutable(), []);
                bytes = Claim.MaxConfigurationBytes + Claim.MaxAgent + Claim.MaxExperiment + ClaimOverhead;
            }

            claims.Add(claim);
        }

        foreach (var count in delta.Counts)
        {
            bytes += CountOverhead + count.Agent.Length;
            if (bytes > PieceBytes)
            {
                yield return new LeaderboardDelta(delta.Key, claims.DrainToImmutable(), counts.DrainToImmutable());
                bytes = CountOverhead + Claim.MaxAgent;
            }

            counts.Add(count);
        }

        if (claims.Count + counts.Count > 0) yield return new LeaderboardDelta(delta.Key, claims.DrainToImmutable(), counts.DrainToImmutable());
    }

    /// <summary>Reads a message about one board.</summary>
    /// <exception cref="FormatException">It is none, or about another board.</exception>
    public static ReplicaMessage Parse(ReadOnlySpan<byte> bytes, LeaderboardKey key)
    {
        var reader = new PacketReader(bytes);
        var magic = reader.Bytes(DigestMagic.Length);
        var (sender, at) = (reader.UInt64(), new HybridTimestamp(reader.UInt64()));
        ReplicaMessage message;
        if (magic.SequenceEqual(DigestMagic))
        {
            Same(reader.Key(), key);
            message = new ReplicaMessage(sender, at, LeaderboardDigest.Read(ref reader), null, []);
        }
        else if (magic.SequenceEqual(PieceMagic))
        {
            var complete = new (int Part, ulong Sum)[reader.Byte()];
            for (var i = 0; i < complete.Length; i++)
            {
                complete[i] = (reader.Byte() % LeaderboardDigest.Parts, reader.UInt64());
            }

            var delta = LeaderboardDelta.Parse(reader.Rest());
            Same(delta.Key, key);
            message = new ReplicaMessage(sender, at, null, delta, [.. complete]);
        }
        else
        {
            throw reader.Malformed("this is no message between replicas");
        }

        reader.End();
        return message;
    }

    private static void Same(LeaderboardKey said, LeaderboardKey key)
    {
        if (said != key) throw new FormatException($"results of {said} do not compare with those of {key}");
    }

    private static PacketWriter Begin(ReadOnlySpan<byte> magic, ulong sender, HybridTimestamp at)
    {
        var writer = new PacketWriter();
        writer.Bytes(magic);
        writer.UInt64(sender);
        writer.UInt64(at.Bits);
        return writer;
    }
}

using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Hive.Leaderboards;

/// <summary>
/// A part of a leaderboard, or all of it: what was learnt, to be merged into other replicas in any order and as often as it likes. The order within it means nothing.
/// </summary>
/// <param name="Key">What the leaderboard ranks.</param>
/// <param name="Claims">Claims and what became of them.</param>
/// <param name="Counts">How many experiments were run.</param>
public sealed record LeaderboardDelta(LeaderboardKey Key, ImmutableArray<JudgedClaim> Claims, ImmutableArray<ExperimentCount> Counts)
{
    /// <summary>The most bytes of the serialised form (10 MiB): a board filled to its bounds with the longest claims is below it.</summary>
    public const int MaxBytes = 10 << 20;

    private static ReadOnlySpan<byte> Magic => "HLB1"u8;

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => Claims.IsEmpty && Counts.IsEmpty;

    /// <summary>A delta of one claim.</summary>
    /// <param name="key">What the leaderboard ranks.</param>
    /// <param name="claim">The claim.</param>
    /// <param name="status">What became of it.</param>
    public static LeaderboardDelta Of(LeaderboardKey key, Claim claim, ClaimStatus status = ClaimStatus.Claimed) => new(key, [new JudgedClaim(claim, status)], []);

    /// <summary>The serialised form: a few dozen bytes and the configuration for each claim. It is what files, messages and the database hold.</summary>
    public byte[] ToBytes()
    {
        var writer = new PacketWriter();
        Write(writer);
        return writer.Written.ToArray();
    }

    /// <summary>Reads the serialised form.</summary>
    /// <param name="bytes">What may be one; anything at all.</param>
    /// <exception cref="FormatException">It is none, breaks a rule or a bound; the message says where and why.</exception>
    public static LeaderboardDelta Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            throw new FormatException($"{bytes.Length:N0} bytes are no leaderboard: at most {MaxBytes:N0} are taken");
        }

        if (!bytes.StartsWith(Magic))
        {
            throw new FormatException("this is no leaderboard: it does not begin with HLB1");
        }

        var reader = new PacketReader(bytes);
        reader.Bytes(Magic.Length);
        var delta = Read(ref reader);
        reader.End();
        return delta;
    }

    private void Write(PacketWriter writer)
    {
        writer.Bytes(Magic);
        writer.Key(Key);
        writer.Int32(Claims.Length);
        foreach (var (claim, status) in Claims)
        {
            writer.Claim(claim);
            writer.Byte((byte)status);
        }

        writer.Int32(Counts.Length);
        foreach (var count in Counts)
        {
            writer.Name(count.Agent);
            writer.UInt64((ulong)count.Epoch);
            writer.UInt64((ulong)count.Experiments);
        }
    }

    private static LeaderboardDelta Read(ref PacketReader reader)
    {
        var key = reader.Key();
        var claims = new JudgedClaim[reader.Count(Leaderboard.MaxClaims)];
        for (var i = 0; i < claims.Length; i++)
        {
            claims[i] = new JudgedClaim(reader.Claim(), reader.Status());
        }

        var counts = new ExperimentCount[reader.Count(Leaderboard.MaxCounts)];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = reader.ExperimentCount();
        }

        return new LeaderboardDelta(key, ImmutableCollectionsMarshal.AsImmutableArray(claims), ImmutableCollectionsMarshal.AsImmutableArray(counts));
    }
}

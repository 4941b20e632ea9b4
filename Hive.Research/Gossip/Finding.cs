using System.Collections.Immutable;
using Hive.Leaderboards;

namespace Hive.Gossip;

/// <summary>An experiment's result as told to peers: a belief, until it was replicated.</summary>
public sealed record Finding
{
    /// <summary>The most bytes of the serialised form.</summary>
    public const int MaxBytes = 1_024;

    /// <summary>The most bytes of a signature.</summary>
    public const int MaxSignatureBytes = 96;

    /// <summary>A finding.</summary>
    /// <param name="key">The domain and data it is about.</param>
    /// <param name="claim">What is claimed, and by whom.</param>
    /// <param name="signature">The agent's signature over <see cref="Statement"/>; empty where findings are not signed.</param>
    /// <exception cref="ArgumentException">The signature is too long.</exception>
    public Finding(LeaderboardKey key, Claim claim, ImmutableArray<byte> signature)
    {
        if (signature.IsDefault || signature.Length > MaxSignatureBytes)
        {
            throw new ArgumentException($"a signature has at most {MaxSignatureBytes} bytes", nameof(signature));
        }

        (Key, Claim, Signature) = (key, claim, signature);
    }

    private static ReadOnlySpan<byte> Magic => "HFN1"u8;

    /// <summary>The domain and data it is about.</summary>
    public LeaderboardKey Key { get; }

    /// <summary>What is claimed, and by whom.</summary>
    public Claim Claim { get; }

    /// <summary>The agent's signature over <see cref="Statement"/>; empty where findings are not signed.</summary>
    public ImmutableArray<byte> Signature { get; }

    /// <summary>What a signature covers: everything but itself.</summary>
    /// <param name="key">The domain and data it is about.</param>
    /// <param name="claim">What is claimed.</param>
    public static byte[] Statement(LeaderboardKey key, Claim claim) => Write(key, claim).Written.ToArray();

    /// <summary>The serialised form, at most <see cref="MaxBytes"/>.</summary>
    public byte[] ToBytes()
    {
        var writer = Write(Key, Claim);
        writer.Byte((byte)Signature.Length);
        writer.Bytes(Signature.AsSpan());
        return writer.Written.ToArray();
    }

    /// <summary>Reads the serialised form.</summary>
    /// <param name="bytes">What may be one; anything at all.</param>
    /// <exception cref="FormatException">It is none; the message says where and why.</exception>
    public static Finding Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes || !bytes.StartsWith(Magic))
        {
            throw new FormatException($"this is no finding: it begins with HFN1 and has at most {MaxBytes} bytes");
        }

        var reader = new PacketReader(bytes);
        reader.Bytes(Magic.Length);
        var (claim, key) = (reader.Claim(), reader.Key());
        var length = reader.Byte();
        if (length > MaxSignatureBytes)
        {
            throw reader.Malformed($"a signature has at most {MaxSignatureBytes} bytes");
        }

        var signature = reader.Bytes(length).ToImmutableArray();
        reader.End();
        return new Finding(key, claim, signature);
    }

    /// <summary>The agent that a finding names which may be malformed elsewhere; null where not even that can be read.</summary>
    internal static string? NamedIn(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith(Magic))
        {
            return null;
        }

        var reader = new PacketReader(bytes);
        reader.Bytes(Magic.Length);
        try
        {
            return reader.Agent();
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The agent comes first, so that it can be told who sent something malformed.</summary>
    private static PacketWriter Write(LeaderboardKey key, Claim claim)
    {
        var writer = new PacketWriter();
        writer.Bytes(Magic);
        writer.Claim(claim);
        writer.Key(key);
        return writer;
    }
}

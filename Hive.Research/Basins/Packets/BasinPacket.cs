using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace Hive.Basins;

/// <summary>
/// A basin as it travels: canonical JSON (RFC 8785) of at most <see cref="MaxBytes"/>, addressed by the SHA-256 of its bytes. A categorical factor is
/// <c>[p, …]</c>, a numeric one <c>{"m":μ,"s":σ}</c>, an association <c>r</c>, each with <see cref="BasinSpace.Digits"/> decimals.
/// </summary>
public sealed class BasinPacket
{
    /// <summary>The largest packet, in bytes.</summary>
    public const int MaxBytes = 4096;

    /// <summary>What the member <c>format</c> says.</summary>
    internal const string Format = "hive-basin/1";

    internal BasinPacket(BasinRecord record, string space, ImmutableArray<BasinFactor> factors, ReadOnlyMemory<byte> bytes)
    {
        (Record, Space, Factors, Bytes) = (record, space, factors, bytes);
        Address = AddressOf(bytes.Span);
    }

    /// <summary>What it says besides its point.</summary>
    public BasinRecord Record { get; }

    /// <summary>The signature of its space (<see cref="BasinSpace.Signature"/>).</summary>
    public string Space { get; }

    /// <summary>Its factors, which are not yet known to be those of a space.</summary>
    public ImmutableArray<BasinFactor> Factors { get; }

    /// <summary>The canonical bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>SHA-256 of <see cref="Bytes"/>, 64 lower-case hexadecimal digits.</summary>
    public string Address { get; }

    /// <summary>The address of canonical bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public static string AddressOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The packet of a point: its numbers are rounded to <see cref="BasinSpace.Digits"/> decimals; what lies beyond them is dropped.</summary>
    /// <param name="point">The point.</param>
    /// <param name="record">What to say besides.</param>
    /// <exception cref="ArgumentException">The record is out of range; the message says where.</exception>
    public static BasinPacket Write(BasinPoint point, BasinRecord record)
    {
        if (record.Mistake() is { } mistake) throw new ArgumentException(mistake, nameof(record));
        var rounded = point.Rounded();
        var bytes = CanonicalJson.Of(writer => Write(writer, rounded, record));
        return new BasinPacket(record, point.Space.Signature, rounded.Factors, bytes);
    }

    /// <summary>Reads a packet from anybody.</summary>
    /// <param name="bytes">What came; copied.</param>
    /// <exception cref="BasinRefusedException">It is no packet; the message says why.</exception>
    public static BasinPacket Read(ReadOnlyMemory<byte> bytes) => BasinPacketReader.Read(bytes);

    /// <summary>The packet's point.</summary>
    /// <param name="space">The space that it should be of.</param>
    /// <exception cref="BasinRefusedException">It is of another space.</exception>
    public BasinPoint PointIn(BasinSpace space)
    {
        if (Space != space.Signature)
        {
            throw new BasinRefusedException(RefusalReason.OtherSpace, $"this basin is of the space {Space[..12]}…, not of {space.Signature[..12]}…: techniques, bounds or associations differ");
        }

        try
        {
            return new BasinPoint(space, Factors);
        }
        catch (ArgumentException e)
        {
            throw new BasinRefusedException(RefusalReason.OtherSpace, $"this basin names the right space, but {e.Message}");
        }
    }

    private static void Write(Utf8JsonWriter writer, BasinPoint point, BasinRecord record)
    {
        writer.WriteStartObject();
        writer.WriteString("author", record.Author);
        writer.WriteNumber("created", record.Created);
        writer.WriteString("domain", record.Domain);
        writer.WriteNumber("experiments", record.Experiments);
        writer.WriteStartArray("factors");
        foreach (var factor in point.Factors) Write(writer, factor);
        writer.WriteEndArray();
        writer.WriteString("fingerprint", record.Fingerprint);
        writer.WriteNumber("fitness", record.Fitness);
        writer.WriteString("format", Format);
        writer.WriteStartArray("parents");
        foreach (var parent in record.Parents) writer.WriteStringValue(parent);
        writer.WriteEndArray();
        writer.WriteString("space", point.Space.Signature);
        writer.WriteNumber("uses", record.Uses);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, BasinFactor factor)
    {
        switch (factor)
        {
            case SimplexFactor simplex:
                writer.WriteStartArray();
                foreach (var probability in simplex.Probabilities) writer.WriteNumberValue(probability);
                writer.WriteEndArray();
                break;
            case GaussianFactor gaussian:
                writer.WriteStartObject();
                writer.WriteNumber("m", gaussian.Center);
                writer.WriteNumber("s", gaussian.Deviation);
                writer.WriteEndObject();
                break;
            case AssociationFactor association:
                writer.WriteNumberValue(association.Correlation);
                break;
        }
    }
}

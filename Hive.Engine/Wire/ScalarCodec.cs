using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace Hive.Engine;

internal delegate void WriteScalar<in T>(ref WireWriter writer, T value);

internal delegate T ReadScalar<out T>(ref WireReader reader);

/// <summary>Writes and reads values that have no parts.</summary>
internal sealed class ScalarCodec<T>(WireKind kind, WriteScalar<T> write, ReadScalar<T> read) : Codec<T>
{
    public override WireKind Kind => kind;

    public override void Write(ref WireWriter writer, T value) => write(ref writer, value);

    public override T Read(ref WireReader reader) => read(ref reader);
}

/// <summary>The values that have no parts, each with the name by which it travels where its type is not known beforehand.</summary>
internal static class Scalars
{
    private const int KindShift = 62;

    internal static IEnumerable<(string Name, Codec Codec)> All() => Numbers().Concat(Times()).Concat(Others()).Concat(Identities());

    private static IEnumerable<(string Name, Codec Codec)> Numbers() =>
    [
        ("bool", Unsigned<bool>(1, static value => value ? 1UL : 0, static value => value != 0)),
        ("byte", Unsigned<byte>(byte.MaxValue, static value => value, static value => (byte)value)),
        ("ushort", Unsigned<ushort>(ushort.MaxValue, static value => value, static value => (ushort)value)),
        ("uint", Unsigned<uint>(uint.MaxValue, static value => value, static value => (uint)value)),
        ("ulong", Unsigned<ulong>(ulong.MaxValue, static value => value, static value => value)),
        ("char", Unsigned<char>(char.MaxValue, static value => value, static value => (char)value)),
        ("sbyte", Signed<sbyte>(sbyte.MinValue, sbyte.MaxValue, static value => value, static value => (sbyte)value)),
        ("short", Signed<short>(short.MinValue, short.MaxValue, static value => value, static value => (short)value)),
        ("int", Signed<int>(int.MinValue, int.MaxValue, static value => value, static value => (int)value)),
        ("long", Signed<long>(long.MinValue, long.MaxValue, static value => value, static value => value)),
        ("int128", new ScalarCodec<Int128>(
            WireKind.Fixed128, static (ref writer, value) => writer.WriteFixed128((UInt128)value), static (ref reader) => (Int128)reader.ReadFixed128())),
        ("uint128", new ScalarCodec<UInt128>(
            WireKind.Fixed128, static (ref writer, value) => writer.WriteFixed128(value), static (ref reader) => reader.ReadFixed128())),
        ("float", new ScalarCodec<float>(
            WireKind.Fixed32,
            static (ref writer, value) => writer.WriteFixed32(BitConverter.SingleToUInt32Bits(value)),
            static (ref reader) => BitConverter.UInt32BitsToSingle(reader.ReadFixed32()))),
        ("double", new ScalarCodec<double>(
            WireKind.Fixed64,
            static (ref writer, value) => writer.WriteFixed64(BitConverter.DoubleToUInt64Bits(value)),
            static (ref reader) => BitConverter.UInt64BitsToDouble(reader.ReadFixed64()))),
        ("decimal", new ScalarCodec<decimal>(WireKind.Fixed128, WriteDecimal, ReadDecimal)),
    ];

    private static IEnumerable<(string Name, Codec Codec)> Times() =>
    [
        ("datetime", new ScalarCodec<DateTime>(
            WireKind.Fixed64,
            static (ref writer, value) => writer.WriteFixed64((ulong)value.Ticks | ((ulong)value.Kind << KindShift)),
            ReadDateTime)),
        ("datetimeoffset", new ScalarCodec<DateTimeOffset>(
            WireKind.Fixed128,
            static (ref writer, value) => writer.WriteFixed128(new UInt128((ulong)value.Offset.Ticks, (ulong)value.Ticks)),
            ReadDateTimeOffset)),
        ("timespan", Signed<TimeSpan>(long.MinValue, long.MaxValue, static value => value.Ticks, static value => new TimeSpan(value))),
        ("dateonly", Unsigned<DateOnly>(
            (ulong)DateOnly.MaxValue.DayNumber, static value => (ulong)value.DayNumber, static value => DateOnly.FromDayNumber((int)value))),
        ("timeonly", Unsigned<TimeOnly>((ulong)TimeOnly.MaxValue.Ticks, static value => (ulong)value.Ticks, static value => new TimeOnly((long)value))),
    ];

    private static IEnumerable<(string Name, Codec Codec)> Others() =>
    [
        ("string", new ScalarCodec<string?>(WireKind.Bytes, static (ref writer, value) => writer.WriteString(value), static (ref reader) => reader.ReadString())),
        ("guid", new ScalarCodec<Guid>(WireKind.Fixed128, WriteGuid, static (ref reader) => new Guid(reader.ReadRaw(16)))),
        ("uri", Text<Uri>(static value => value.OriginalString, static text => Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var value) ? value : null)),
        ("version", Text<Version>(static value => value.ToString(), static text => Version.TryParse(text, out var value) ? value : null)),

        // The transport has its own way to tell the callee of a cancellation.
        ("token", Unsigned<CancellationToken>(0, static _ => 0, static _ => default)),
    ];

    private static IEnumerable<(string Name, Codec Codec)> Identities() =>
    [
        ("id", new ScalarCodec<IdSpan>(WireKind.Bytes, WriteId, ReadId)),
        ("graintype", new ScalarCodec<GrainType>(
            WireKind.Bytes, static (ref writer, value) => WriteId(ref writer, value.Value), static (ref reader) => new GrainType(ReadId(ref reader)))),
        ("grainid", new ScalarCodec<GrainId>(WireKind.Bytes, WriteGrainId, ReadGrainId)),
        ("siloaddress", Text<SiloAddress>(static value => value.ToParsableString(), static text => ParseAddress(text))),
        ("streamid", new ScalarCodec<StreamId>(WireKind.Bytes, WriteStreamId, ReadStreamId)),
    ];

    private static ScalarCodec<T> Unsigned<T>(ulong largest, Func<T, ulong> from, Func<ulong, T> to) => new(
        WireKind.Varint,
        (ref writer, value) => writer.WriteVarint(from(value)),
        (ref reader) => reader.ReadVarint() is var value && value <= largest ? to(value) : throw reader.Wrong($"{value} is no {typeof(T)}"));

    private static ScalarCodec<T> Signed<T>(long smallest, long largest, Func<T, long> from, Func<long, T> to) => new(
        WireKind.Varint,
        (ref writer, value) => writer.WriteSigned(from(value)),
        (ref reader) => reader.ReadSigned() is var value && value >= smallest && value <= largest ? to(value) : throw reader.Wrong($"{value} is no {typeof(T)}"));

    private static ScalarCodec<T?> Text<T>(Func<T, string> format, Func<string, T?> parse)
        where T : class => new(
        WireKind.Bytes,
        (ref writer, value) => writer.WriteString(value is null ? null : format(value)),
        (ref reader) => reader.ReadString() is not { } text ? null : parse(text) ?? throw reader.Wrong($"A text is no {typeof(T)}"));

    private static void WriteDecimal(ref WireWriter writer, decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        writer.WriteFixed128(new UInt128(((ulong)(uint)parts[3] << 32) | (uint)parts[2], ((ulong)(uint)parts[1] << 32) | (uint)parts[0]));
    }

    private static decimal ReadDecimal(ref WireReader reader)
    {
        var bits = reader.ReadFixed128();
        var flags = (uint)(bits >> 96);
        const uint SignBit = 1u << 31;
        const uint LargestScale = 28;
        if ((flags & ~SignBit & 0xFF00_FFFF) != 0 || ((flags >> 16) & 0xFF) > LargestScale) throw reader.Wrong("These are no decimal's bits");
        return new decimal((int)(uint)bits, (int)(uint)(bits >> 32), (int)(uint)(bits >> 64), (flags & SignBit) != 0, (byte)(flags >> 16));
    }

    private static DateTime ReadDateTime(ref WireReader reader)
    {
        var bits = reader.ReadFixed64();
        var ticks = bits & ((1UL << KindShift) - 1);
        var kind = (DateTimeKind)(bits >> KindShift);
        return ticks <= (ulong)DateTime.MaxValue.Ticks && kind <= DateTimeKind.Local
            ? new DateTime((long)ticks, kind)
            : throw reader.Wrong("There is no such time");
    }

    private static DateTimeOffset ReadDateTimeOffset(ref WireReader reader)
    {
        var bits = reader.ReadFixed128();
        var ticks = (long)(ulong)bits;
        var offset = (long)(ulong)(bits >> 64);
        var isOffset = Int128.Abs(offset) <= TimeSpan.TicksPerHour * 14 && offset % TimeSpan.TicksPerMinute == 0;
        return isOffset && IsTime(ticks) && IsTime(ticks - offset)
            ? new DateTimeOffset(ticks, new TimeSpan(offset))
            : throw reader.Wrong("There is no such time");
    }

    private static bool IsTime(long ticks) => ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;

    private static void WriteGuid(ref WireWriter writer, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes);
        writer.WriteRaw(bytes);
    }

    private static void WriteId(ref WireWriter writer, IdSpan value)
    {
        if (value.IsDefault) writer.WriteNull();
        else writer.WriteBytes(value.AsSpan());
    }

    private static IdSpan ReadId(ref WireReader reader) => reader.TryReadBytes(out var bytes) ? new IdSpan(bytes.ToArray()) : default;

    /// <summary>The kind and the key, as bytes within bytes, since a key may hold any byte.</summary>
    private static void WriteGrainId(ref WireWriter writer, GrainId value)
    {
        if (value.IsDefault)
        {
            writer.WriteNull();
            return;
        }

        var kind = value.Type.AsSpan();
        writer.WriteVarint((ulong)(LengthOf((ulong)kind.Length) + kind.Length + value.Key.AsSpan().Length) + 1);
        writer.WriteVarint((ulong)kind.Length);
        writer.WriteRaw(kind);
        writer.WriteRaw(value.Key.AsSpan());
    }

    private static GrainId ReadGrainId(ref WireReader reader)
    {
        if (!reader.TryReadBytes(out var bytes)) return default;
        var parts = new WireReader(reader.Serializer, bytes);
        var length = parts.ReadVarint();
        if (length > (ulong)parts.Remaining) throw reader.Wrong("A grain's kind is cut off");
        var kind = parts.ReadRaw((int)length).ToArray();
        return new GrainId(new GrainType(new IdSpan(kind)), new IdSpan(parts.ReadRaw(parts.Remaining).ToArray()));
    }

    private static int LengthOf(ulong varint) => varint < 0x80 ? 1 : 1 + LengthOf(varint >> 7);

    private static void WriteStreamId(ref WireWriter writer, StreamId value) =>
        writer.WriteString(value == default ? null : $"{value.GetNamespace()?.Length ?? 0} {value.GetNamespace()}{value.GetKeyAsString()}");

    private static StreamId ReadStreamId(ref WireReader reader)
    {
        if (reader.ReadString() is not { } text) return default;
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && ushort.TryParse(text.AsSpan(0, space), out var length) && space + 1 + length < text.Length
            ? StreamId.Create(text.Substring(space + 1, length), text[(space + 1 + length)..])
            : throw reader.Wrong("A text is no stream's identity");
    }

    private static SiloAddress? ParseAddress(string text)
    {
        try
        {
            return SiloAddress.FromParsableString(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

/// <summary>Writes and reads enumerations, also values that this build has no name for.</summary>
internal sealed class EnumCodec<T> : Codec<T>
    where T : struct, Enum
{
    private static readonly bool IsSigned = Type.GetTypeCode(typeof(T)) is TypeCode.SByte or TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64;

    public override WireKind Kind => WireKind.Varint;

    public override void Write(ref WireWriter writer, T value)
    {
        if (IsSigned) writer.WriteSigned(Signed(value));
        else writer.WriteVarint(Unsigned(value));
    }

    public override T Read(ref WireReader reader)
    {
        var bits = IsSigned ? reader.ReadSigned() : (long)reader.ReadVarint();
        var value = Unsafe.As<long, T>(ref bits);
        var isWhole = IsSigned ? Signed(value) == bits : Unsigned(value) == (ulong)bits;
        return isWhole ? value : throw reader.Wrong($"A number is too large for a {typeof(T)}");
    }

    private static long Signed(T value) => Unsafe.SizeOf<T>() switch
    {
        1 => Unsafe.As<T, sbyte>(ref value),
        2 => Unsafe.As<T, short>(ref value),
        4 => Unsafe.As<T, int>(ref value),
        _ => Unsafe.As<T, long>(ref value),
    };

    private static ulong Unsigned(T value) => Unsafe.SizeOf<T>() switch
    {
        1 => Unsafe.As<T, byte>(ref value),
        2 => Unsafe.As<T, ushort>(ref value),
        4 => Unsafe.As<T, uint>(ref value),
        _ => Unsafe.As<T, ulong>(ref value),
    };
}

/// <summary>Writes and reads a value that may be missing: a list of at most one.</summary>
internal sealed class NullableCodec<T>(Codec<T> value) : Codec<T?>
    where T : struct
{
    public override WireKind Kind => WireKind.List;

    public override void Write(ref WireWriter writer, T? item)
    {
        if (item is not { } present)
        {
            writer.WriteNull();
            return;
        }

        writer.WriteListHeader(1, value.Kind);
        value.Write(ref writer, present);
    }

    public override T? Read(ref WireReader reader) => reader.ReadListHeader(value.Kind) switch
    {
        <= 0 => null,
        1 => value.Read(ref reader),
        var count => throw reader.Wrong($"There are {count} values where there can be one"),
    };
}

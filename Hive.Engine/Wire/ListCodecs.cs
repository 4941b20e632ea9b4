using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hive.Engine;

/// <summary>The elements of lists, one after another.</summary>
internal static class Elements
{
    /// <summary>So many elements are made room for before they are there; more when they are.</summary>
    private const int TrustedCount = 1024;

    internal static void Write<T>(ref WireWriter writer, Codec<T> element, ReadOnlySpan<T> items)
    {
        writer.WriteListHeader(items.Length, element.Kind);
        if (IsRaw<T>())
        {
            writer.WriteRaw(Bytes(items));
            return;
        }

        foreach (var item in items) element.Write(ref writer, item);
    }

    internal static T[]? Read<T>(ref WireReader reader, Codec<T> element)
    {
        var count = reader.ReadListHeader(element.Kind);
        if (count <= 0) return count < 0 ? null : [];
        if (IsRaw<T>())
        {
            var raw = new T[count];
            var bytes = reader.ReadRaw(count * Unsafe.SizeOf<T>());
            bytes.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetArrayDataReference(raw)), bytes.Length));
            return raw;
        }

        var items = new T[Math.Min(count, TrustedCount)];
        for (var i = 0; i < count; i++)
        {
            if (i == items.Length) Array.Resize(ref items, (int)Math.Min((long)items.Length * 2, count));
            items[i] = element.Read(ref reader);
        }

        return items;
    }

    /// <summary>Whether elements lie in a message as they lie in memory.</summary>
    private static bool IsRaw<T>() => BitConverter.IsLittleEndian && (typeof(T) == typeof(double) || typeof(T) == typeof(float));

    private static ReadOnlySpan<byte> Bytes<T>(ReadOnlySpan<T> items) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(items)), items.Length * Unsafe.SizeOf<T>());
}

internal sealed class ArrayCodec<T>(Codec<T> element) : Codec<T[]?>
{
    public override WireKind Kind => WireKind.List;

    public override void Write(ref WireWriter writer, T[]? value)
    {
        if (value is null) writer.WriteNull();
        else Elements.Write(ref writer, element, value.AsSpan());
    }

    public override T[]? Read(ref WireReader reader) => Elements.Read(ref reader, element);
}

internal sealed class ListCodec<T>(Codec<T> element) : Codec<List<T>?>
{
    public override WireKind Kind => WireKind.List;

    public override void Write(ref WireWriter writer, List<T>? value)
    {
        if (value is null) writer.WriteNull();
        else Elements.Write(ref writer, element, CollectionsMarshal.AsSpan(value));
    }

    public override List<T>? Read(ref WireReader reader) => Elements.Read(ref reader, element) is { } items ? [.. items] : null;
}

internal sealed class ImmutableArrayCodec<T>(Codec<T> element) : Codec<ImmutableArray<T>>
{
    public override WireKind Kind => WireKind.List;

    public override void Write(ref WireWriter writer, ImmutableArray<T> value)
    {
        if (value.IsDefault) writer.WriteNull();
        else Elements.Write(ref writer, element, value.AsSpan());
    }

    public override ImmutableArray<T> Read(ref WireReader reader) => ImmutableCollectionsMarshal.AsImmutableArray(Elements.Read(ref reader, element));
}

/// <summary>Any other collection: written as it enumerates itself, and made of an array. Comparers do not travel.</summary>
internal sealed class CollectionCodec<TCollection, T>(Codec<T> element, Func<T[], TCollection> make) : Codec<TCollection?>
    where TCollection : class, IEnumerable<T>
{
    public override WireKind Kind => WireKind.List;

    public override void Write(ref WireWriter writer, TCollection? value)
    {
        if (value is null) writer.WriteNull();
        else if (value is T[] array) Elements.Write(ref writer, element, array.AsSpan());
        else if (value is List<T> list) Elements.Write(ref writer, element, CollectionsMarshal.AsSpan(list));
        else Elements.Write<T>(ref writer, element, value.ToArray());
    }

    public override TCollection? Read(ref WireReader reader) => Elements.Read(ref reader, element) is { } items ? make(items) : null;
}

/// <summary>Bytes, whatever holds them.</summary>
internal static class ByteCodecs
{
    internal static IEnumerable<(string Name, Codec Codec)> All() =>
    [
        ("bytes", new ScalarCodec<byte[]?>(WireKind.Bytes, WriteArray, ReadArray)),
        ("immutablebytes", new ScalarCodec<ImmutableArray<byte>>(
            WireKind.Bytes,
            static (ref writer, value) => WriteArray(ref writer, ImmutableCollectionsMarshal.AsArray(value)),
            static (ref reader) => ImmutableCollectionsMarshal.AsImmutableArray(ReadArray(ref reader)))),
        ("memory", new ScalarCodec<ReadOnlyMemory<byte>>(
            WireKind.Bytes, static (ref writer, value) => writer.WriteBytes(value.Span), static (ref reader) => ReadArray(ref reader))),
    ];

    private static void WriteArray(ref WireWriter writer, byte[]? value)
    {
        if (value is null) writer.WriteNull();
        else writer.WriteBytes(value);
    }

    private static byte[]? ReadArray(ref WireReader reader) => reader.TryReadBytes(out var bytes) ? bytes.ToArray() : null;
}

using System.Buffers.Text;
using System.Globalization;

namespace Orleans.Runtime;

/// <summary>Keys of GUIDs and integers: a GUID is 32 hexadecimal digits, an integer hexadecimal without leading zeros; <c>+text</c> may follow.</summary>
public static class GrainIdKeyExtensions
{
    /// <summary>The key that spells an integer.</summary>
    public static IdSpan CreateIntegerKey(long key)
    {
        Span<byte> buffer = stackalloc byte[16];
        key.TryFormat(buffer, out var length, "X", CultureInfo.InvariantCulture);
        return new IdSpan(buffer[..length].ToArray());
    }

    /// <summary>The key that spells an integer and a text.</summary>
    public static IdSpan CreateIntegerKey(long key, string? keyExtension) =>
        string.IsNullOrWhiteSpace(keyExtension) ? CreateIntegerKey(key) : IdSpan.Create($"{key:X}+{keyExtension}");

    /// <summary>The key that spells a GUID.</summary>
    public static IdSpan CreateGuidKey(Guid key)
    {
        Span<byte> buffer = stackalloc byte[32];
        key.TryFormat(buffer, out _, "N");
        return new IdSpan(buffer.ToArray());
    }

    /// <summary>The key that spells a GUID and a text.</summary>
    public static IdSpan CreateGuidKey(Guid key, string? keyExtension) =>
        string.IsNullOrWhiteSpace(keyExtension) ? CreateGuidKey(key) : IdSpan.Create($"{key:N}+{keyExtension}");

    /// <summary>Reads an integer key.</summary>
    public static bool TryGetIntegerKey(this GrainId grainId, out long key, out string? keyExt)
    {
        var number = Split(grainId, out keyExt);
        return Utf8Parser.TryParse(number, out key, out var read, 'X') && read == number.Length;
    }

    /// <summary>Reads an integer key.</summary>
    /// <exception cref="ArgumentException">The key is none.</exception>
    public static long GetIntegerKey(this GrainId grainId) => GetIntegerKey(grainId, out _);

    /// <summary>Reads an integer key and the text that follows it, if any.</summary>
    /// <exception cref="ArgumentException">The key is none.</exception>
    public static long GetIntegerKey(this GrainId grainId, out string? keyExt) =>
        TryGetIntegerKey(grainId, out var key, out keyExt) ? key : throw new ArgumentException($"The key of {grainId} is not an integer.", nameof(grainId));

    /// <summary>Reads a GUID key.</summary>
    public static bool TryGetGuidKey(this GrainId grainId, out Guid key, out string? keyExt)
    {
        var guid = Split(grainId, out keyExt);
        return Utf8Parser.TryParse(guid, out key, out var read, 'N') && read == guid.Length;
    }

    /// <summary>Reads a GUID key.</summary>
    /// <exception cref="ArgumentException">The key is none.</exception>
    public static Guid GetGuidKey(this GrainId grainId) => GetGuidKey(grainId, out _);

    /// <summary>Reads a GUID key and the text that follows it, if any.</summary>
    /// <exception cref="ArgumentException">The key is none.</exception>
    public static Guid GetGuidKey(this GrainId grainId, out string? keyExt) =>
        TryGetGuidKey(grainId, out var key, out keyExt) ? key : throw new ArgumentException($"The key of {grainId} is not a GUID.", nameof(grainId));

    private static ReadOnlySpan<byte> Split(GrainId grainId, out string? keyExt)
    {
        var key = grainId.Key.AsSpan();
        var plus = key.IndexOf((byte)'+');
        keyExt = plus < 0 ? null : System.Text.Encoding.UTF8.GetString(key[(plus + 1)..]);
        return plus < 0 ? key : key[..plus];
    }
}

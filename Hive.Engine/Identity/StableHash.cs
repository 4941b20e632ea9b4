namespace Orleans.Runtime;

/// <summary>FNV-1a with the finalizer of MurmurHash3: the same on every machine, and well spread in its low bits.</summary>
internal static class StableHash
{
    private const uint Offset = 2166136261;
    private const uint Prime = 16777619;

    public static int Of(ReadOnlySpan<byte> bytes)
    {
        var hash = Offset;
        foreach (var b in bytes) hash = (hash ^ b) * Prime;
        hash ^= hash >> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >> 13;
        hash *= 0xc2b2ae35;
        return (int)(hash ^ (hash >> 16));
    }
}

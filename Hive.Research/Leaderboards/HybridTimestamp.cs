using System.Globalization;

namespace Hive.Leaderboards;

/// <summary>
/// An instant of a hybrid logical clock (Kulkarni, Demirbas et al., <i>Logical Physical Clocks and Consistent Snapshots in Globally Distributed Databases</i>, 2014): milliseconds
/// since 1970 in the upper 48 bits, and in the lower 16 how many events came before within them. What was caused compares above its cause.
/// </summary>
/// <param name="Bits">Both parts in one number, which orders as the instants do.</param>
public readonly record struct HybridTimestamp(ulong Bits) : IComparable<HybridTimestamp>
{
    internal const int CounterBits = 16;

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    public long Milliseconds => (long)(Bits >> CounterBits);

    /// <summary>How many events came before within the millisecond.</summary>
    public int Counter => (int)(Bits & ushort.MaxValue);

    /// <summary>The instant without its counter.</summary>
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(Milliseconds, LatestMilliseconds));

    private static long LatestMilliseconds { get; } = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>An instant of its two parts.</summary>
    /// <param name="milliseconds">Milliseconds since 1970; 0 to 2⁴⁸ − 1.</param>
    /// <param name="counter">How many events came before within the millisecond.</param>
    /// <exception cref="ArgumentOutOfRangeException">The milliseconds are out of range.</exception>
    public static HybridTimestamp Of(long milliseconds, ushort counter)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(milliseconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(milliseconds, 1L << (64 - CounterBits));
        return new HybridTimestamp(((ulong)milliseconds << CounterBits) | counter);
    }

    /// <inheritdoc/>
    public int CompareTo(HybridTimestamp other) => Bits.CompareTo(other.Bits);

    /// <summary>Whether the one came before the other.</summary>
    public static bool operator <(HybridTimestamp left, HybridTimestamp right) => left.Bits < right.Bits;

    /// <summary>Whether the one came after the other.</summary>
    public static bool operator >(HybridTimestamp left, HybridTimestamp right) => left.Bits > right.Bits;

    /// <summary>Whether the one came before the other, or is it.</summary>
    public static bool operator <=(HybridTimestamp left, HybridTimestamp right) => left.Bits <= right.Bits;

    /// <summary>Whether the one came after the other, or is it.</summary>
    public static bool operator >=(HybridTimestamp left, HybridTimestamp right) => left.Bits >= right.Bits;

    /// <summary>The time in ISO 8601 with the counter behind <c>+</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time:yyyy-MM-ddTHH:mm:ss.fffZ}+{Counter}");
}

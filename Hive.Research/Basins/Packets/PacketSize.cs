using Hive.Research;

namespace Hive.Basins;

/// <summary>How a basin is held to 4,096 bytes: by the digits that it keeps of each number, which the space alone decides.</summary>
internal static class PacketSize
{
    /// <summary>All of a packet besides its factors, with every member as long as it may be.</summary>
    private const int Envelope = 760;

    private const int MostDigits = 5;
    private const int LeastDigits = 3;

    /// <summary>The most digits with which every basin of a space fits.</summary>
    /// <exception cref="ArgumentException">Not even three digits fit.</exception>
    public static int Digits(BasinSpace space)
    {
        for (var digits = MostDigits; digits >= LeastDigits; digits--)
        {
            if (Envelope + Factors(space, digits) <= BasinPacket.MaxBytes) return digits;
        }

        var ways = space.Techniques.Techniques.Sum(technique => (technique as CategoricalTechnique)?.Values.Length ?? 0);
        throw new ArgumentException(
            $"a basin of this space does not fit into {BasinPacket.MaxBytes:N0} bytes: {space.Techniques.Techniques.Length} techniques with {ways} ways in all are too many; "
            + $"about {(BasinPacket.MaxBytes - Envelope) / Number(LeastDigits)} ways fit");
    }

    private static int Factors(BasinSpace space, int digits)
    {
        const int Brackets = 3;
        const int Members = 12;
        var bytes = 0;
        foreach (var technique in space.Techniques.Techniques)
        {
            bytes += technique is CategoricalTechnique categorical ? Brackets + (categorical.Values.Length * Number(digits)) : Members + (2 * Number(digits));
        }

        return bytes + (space.Associations.Length * (1 + Number(digits)));
    }

    /// <summary><c>0.</c>, the digits and a comma.</summary>
    private static int Number(int digits) => 3 + digits;
}

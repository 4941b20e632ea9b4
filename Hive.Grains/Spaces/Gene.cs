namespace Hive.Spaces;

/// <summary>One leaf of a space and where it stands in a point.</summary>
/// <param name="Kind">What its values are.</param>
/// <param name="Offset">The index of its first double in a point.</param>
/// <param name="Length">How many doubles it takes: 1, or n for a permutation of n.</param>
/// <param name="Low">The least value, included.</param>
/// <param name="High">The greatest value, included.</param>
public readonly record struct Gene(GeneKind Kind, int Offset, int Length, double Low, double High);

/// <summary>What the values of a gene are.</summary>
public enum GeneKind
{
    /// <summary>A real number on a linear scale.</summary>
    Real,

    /// <summary>A positive real number on a logarithmic scale.</summary>
    LogReal,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>The index of a value without an order.</summary>
    Choice,

    /// <summary>An order of 0 … n−1.</summary>
    Permutation,
}

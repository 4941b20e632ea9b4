using System.Collections.Immutable;

namespace Hive.Goals;

/// <summary>What one name of a goal's space may be: a closed family of seven shapes, nested by <see cref="VectorDimension"/> and <see cref="TupleDimension"/>.</summary>
public abstract record Dimension
{
    private protected Dimension()
    {
    }
}

/// <summary>A real number between two finite bounds, both included.</summary>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound, above <paramref name="Low"/>.</param>
public sealed record RealDimension(double Low, double High) : Dimension;

/// <summary>A positive real number searched on a logarithmic scale.</summary>
/// <param name="Low">The lower bound, above 0.</param>
/// <param name="High">The upper bound, above <paramref name="Low"/>.</param>
public sealed record LogRealDimension(double Low, double High) : Dimension;

/// <summary>A whole number between two bounds, both included; within ±2⁵³, so that JSON carries it exactly.</summary>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound, at least <paramref name="Low"/>.</param>
public sealed record IntegerDimension(long Low, long High) : Dimension;

/// <summary>One of several values without an order.</summary>
/// <param name="Values">Distinct JSON scalars, each as its JSON text (<c>"adam"</c> with its quotes, <c>3</c>, <c>true</c>).</param>
public sealed record ChoiceDimension(ImmutableArray<string> Values) : Dimension
{
    /// <inheritdoc/>
    public bool Equals(ChoiceDimension? other) => other is not null && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Values.Aggregate(0, HashCode.Combine);
}

/// <summary>An order of the numbers 0 … <paramref name="Length"/>−1.</summary>
/// <param name="Length">How many numbers, at least 2.</param>
public sealed record PermutationDimension(int Length) : Dimension;

/// <summary>A list of equal shapes.</summary>
/// <param name="Length">How many, at least 1.</param>
/// <param name="Of">The shape of each.</param>
public sealed record VectorDimension(int Length, Dimension Of) : Dimension;

/// <summary>A list of given shapes.</summary>
/// <param name="Items">The shape of each place, at least one.</param>
public sealed record TupleDimension(ImmutableArray<Dimension> Items) : Dimension
{
    /// <inheritdoc/>
    public bool Equals(TupleDimension? other) => other is not null && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Items.Aggregate(0, HashCode.Combine);
}

using System.Collections.Immutable;

namespace Hive.Research;

/// <summary>One way to run an experiment: a value for each technique of a space, in the space's order. A categorical technique's value is the index of the way.</summary>
/// <param name="Values">The values; <see cref="TechniqueSpace"/> tells what they mean.</param>
public sealed record Configuration(ImmutableArray<double> Values)
{
    /// <summary>The value of one technique.</summary>
    /// <param name="index">Which, in the space's order.</param>
    public double this[int index] => Values[index];

    /// <summary>The same with one value changed.</summary>
    /// <param name="index">Which technique, in the space's order.</param>
    /// <param name="value">The new value.</param>
    public Configuration With(int index, double value) => new(Values.SetItem(index, value));

    /// <summary>Whether all values are the same, bit for bit.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(Configuration? other) => other is not null && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in Values) hash.Add(value);
        return hash.ToHashCode();
    }
}

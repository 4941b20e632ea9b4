using System.Collections.Immutable;

namespace Hive.Research;

/// <summary>One thing that an experiment may do one way or another.</summary>
/// <param name="Name">Its name, unique in its space: 1 to 40 letters, digits, <c>-</c> and <c>_</c>.</param>
public abstract record Technique(string Name);

/// <summary>One of several ways; they have no order.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">The ways, 2 to 32, different from one another. A value of the technique is an index here.</param>
public sealed record CategoricalTechnique(string Name, ImmutableArray<string> Values) : Technique(Name)
{
    /// <inheritdoc/>
    public bool Equals(CategoricalTechnique? other) => other is not null && Name == other.Name && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Values.Length);
}

/// <summary>A whole number.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Least">The least, included.</param>
/// <param name="Most">The most, included; above <paramref name="Least"/>.</param>
public sealed record IntegerTechnique(string Name, int Least, int Most) : Technique(Name);

/// <summary>A number of which ratios matter, such as a learning rate.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Least">The least, included; above 0.</param>
/// <param name="Most">The most, included; above <paramref name="Least"/>.</param>
public sealed record LogRealTechnique(string Name, double Least, double Most) : Technique(Name);

/// <summary>A number of which differences matter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Least">The least, included.</param>
/// <param name="Most">The most, included; above <paramref name="Least"/>.</param>
public sealed record RealTechnique(string Name, double Least, double Most) : Technique(Name);

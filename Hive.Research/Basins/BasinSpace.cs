using System.Collections.Immutable;
using System.Security.Cryptography;
using Hive.Research;

namespace Hive.Basins;

/// <summary>Two choices that a basin may know to go together: a way of each categorical technique, or the coordinate of a numeric one.</summary>
/// <param name="First">The one technique, by its place in the space.</param>
/// <param name="FirstWay">Its way; −1 for a numeric technique.</param>
/// <param name="Second">The other technique, behind the first.</param>
/// <param name="SecondWay">Its way; −1 for a numeric technique.</param>
public sealed record Association(int First, int FirstWay, int Second, int SecondWay);

/// <summary>
/// What basins of a domain are about: a factor for each technique, in the space's order, then one for each association. The one place that knows where a factor's coordinates
/// lie in a tangent vector.
/// </summary>
public sealed class BasinSpace
{
    /// <summary>The most associations.</summary>
    public const int MaxAssociations = 16;

    private readonly int[] _offsets;

    /// <summary>The space of basins over these techniques.</summary>
    /// <param name="techniques">What agents choose.</param>
    /// <param name="associations">What may go together: each technique is the second of at most one, so that drawing is well defined. None by default.</param>
    /// <exception cref="ArgumentException">An association breaks a rule, or a packet could not hold a basin of this space; the message says which.</exception>
    public BasinSpace(TechniqueSpace techniques, ImmutableArray<Association> associations = default)
    {
        Techniques = techniques;
        Associations = associations.IsDefault ? [] : associations;
        Check();
        _offsets = new int[Count + 1];
        for (var i = 0; i < Count; i++) _offsets[i + 1] = _offsets[i] + FactorDimension(i);
        Digits = PacketSize.Digits(this);
        Signature = Convert.ToHexStringLower(SHA256.HashData(BasinSpaceText.Write(this)));
    }

    /// <summary>What agents choose.</summary>
    public TechniqueSpace Techniques { get; }

    /// <summary>What may go together.</summary>
    public ImmutableArray<Association> Associations { get; }

    /// <summary>How many factors a point has.</summary>
    public int Count => Techniques.Techniques.Length + Associations.Length;

    /// <summary>How many coordinates a tangent vector has.</summary>
    public int Dimension => _offsets[^1];

    /// <summary>How many decimal digits a packet keeps of each number: 5, or fewer where the space is so large that only fewer fit.</summary>
    public int Digits { get; }

    /// <summary>SHA-256 in lower-case hexadecimal of the canonical description: names, kinds, bounds and associations. Basins of different signatures have nothing in common.</summary>
    public string Signature { get; }

    /// <summary>Where a factor's coordinates lie in a tangent vector.</summary>
    /// <param name="factor">Which factor.</param>
    public Range Part(int factor) => _offsets[factor].._offsets[factor + 1];

    /// <summary>How many coordinates a factor has.</summary>
    /// <param name="factor">Which factor.</param>
    internal int FactorDimension(int factor) => factor >= Techniques.Techniques.Length ? 1 : Techniques.Techniques[factor] is CategoricalTechnique categorical ? categorical.Values.Length : 2;

    private void Check()
    {
        if (Associations.Length > MaxAssociations) throw new ArgumentException($"a basin has at most {MaxAssociations} associations, not {Associations.Length}");
        foreach (var association in Associations)
        {
            if (association.First < 0 || association.First >= association.Second || association.Second >= Techniques.Techniques.Length)
            {
                throw new ArgumentException($"an association goes from a technique to one behind it, not from {association.First} to {association.Second}");
            }

            Check(association.First, association.FirstWay);
            Check(association.Second, association.SecondWay);
        }

        if (Associations.GroupBy(association => association.Second).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"'{Techniques.Techniques[twice.Key].Name}' is the second of two associations; it can follow one only");
        }
    }

    private void Check(int technique, int way)
    {
        var isRight = Techniques.Techniques[technique] is CategoricalTechnique categorical ? way >= 0 && way < categorical.Values.Length : way == -1;
        if (!isRight) throw new ArgumentException($"{way} is no way of '{Techniques.Techniques[technique].Name}' (a numeric technique has -1)");
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hive.Goals;

namespace Hive.Research.Domains;

/// <summary>
/// A goal's space as techniques, and back: vectors and tuples are laid flat (<c>circles[3][0]</c> is the technique <c>circles-3-0</c>), and a permutation becomes numbers whose order is
/// the permutation (Bean, <i>Genetic algorithms and random keys for sequencing and optimization</i>, 1994). What has one value only is no technique.
/// </summary>
internal sealed class TechniqueMap
{
    private const int MaxName = 40;
    private const int MaxChoices = 32;

    private readonly List<Slot> _slots = [];
    private readonly List<Technique> _techniques = [];
    private readonly List<GoalMistake> _mistakes = [];
    private int _length;

    private TechniqueMap(ImmutableArray<NamedDimension> space)
    {
        foreach (var name in space) Add(name.Name, name.Name, name.Dimension);
        if (_techniques.Count == 0) _mistakes.Add(new GoalMistake("space", "nothing may vary here; give a range, or several choices"));
        if (_techniques.Count > TechniqueSpace.MaxTechniques)
        {
            _mistakes.Add(new GoalMistake(
                "space", $"this has {_techniques.Count:N0} numbers and choices to vary; research takes {TechniqueSpace.MaxTechniques}: shorten a vector, or run it as a goal"));
        }

        if (_mistakes.Count > 0) throw new GoalSpecException(_mistakes);
        try
        {
            Space = new TechniqueSpace([.. _techniques]);
        }
        catch (ArgumentException e)
        {
            throw new GoalSpecException([new GoalMistake("space", e.Message)]);
        }
    }

    /// <summary>The techniques.</summary>
    public TechniqueSpace Space { get; }

    /// <summary>Lays a space out as techniques.</summary>
    /// <param name="space">A valid space, as <see cref="GoalFile"/> returns it.</param>
    /// <exception cref="GoalSpecException">It has too many techniques, or one that research cannot vary; each with its path.</exception>
    public static TechniqueMap Of(ImmutableArray<NamedDimension> space) => new(space);

    /// <summary>The candidate that a configuration stands for.</summary>
    /// <param name="configuration">A point of <see cref="Space"/>.</param>
    /// <returns>A point of the goal's space.</returns>
    public double[] ToPoint(Configuration configuration)
    {
        var point = new double[_length];
        foreach (var slot in _slots)
        {
            if (slot.Dimension is PermutationDimension permutation) SortKeys(configuration, slot, point.AsSpan(slot.Place, permutation.Length));
            else point[slot.Place] = slot.Technique >= 0 ? configuration[slot.Technique] : slot.Fixed;
        }

        return point;
    }

    /// <summary>A configuration that stands for a candidate.</summary>
    /// <param name="point">A point of the goal's space.</param>
    public Configuration ToConfiguration(ReadOnlySpan<double> point)
    {
        var values = new double[_techniques.Count];
        foreach (var slot in _slots)
        {
            if (slot.Dimension is PermutationDimension permutation)
            {
                for (var i = 0; i < permutation.Length; i++) values[slot.Technique + (int)point[slot.Place + i]] = (i + 0.5) / permutation.Length;
            }
            else if (slot.Technique >= 0)
            {
                values[slot.Technique] = point[slot.Place];
            }
        }

        return new Configuration([.. values]);
    }

    /// <summary>Where everybody starts if nothing is said: the middle of each range, the first of each choice, each order as it is.</summary>
    public Configuration Middle()
    {
        var values = _techniques.Select((technique, i) => technique is CategoricalTechnique ? 0 : Space.FromCoordinate(i, 0.5)).ToArray();
        foreach (var slot in _slots)
        {
            if (slot.Dimension is not PermutationDimension permutation) continue;
            for (var i = 0; i < permutation.Length; i++) values[slot.Technique + i] = (i + 0.5) / permutation.Length;
        }

        return new Configuration([.. values]);
    }

    private void Add(string name, string path, Dimension dimension)
    {
        switch (dimension)
        {
            case VectorDimension vector:
                for (var i = 0; i < vector.Length; i++) AddItem(name, path, i, vector.Of);
                break;
            case TupleDimension tuple:
                for (var i = 0; i < tuple.Items.Length; i++) AddItem(name, path, i, tuple.Items[i]);
                break;
            case PermutationDimension permutation:
                _slots.Add(new Slot(permutation, _length, _techniques.Count, 0));
                for (var i = 0; i < permutation.Length; i++) _techniques.Add(new RealTechnique(NameOf(string.Create(CultureInfo.InvariantCulture, $"{name}-{i}")), 0, 1));
                _length += permutation.Length;
                break;
            default:
                AddLeaf(name, path, dimension);
                break;
        }
    }

    private void AddItem(string name, string path, int index, Dimension dimension) =>
        Add(string.Create(CultureInfo.InvariantCulture, $"{name}-{index}"), string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), dimension);

    private void AddLeaf(string name, string path, Dimension dimension)
    {
        Technique? technique = dimension switch
        {
            RealDimension real => new RealTechnique(NameOf(name), real.Low, real.High),
            LogRealDimension real => new LogRealTechnique(NameOf(name), real.Low, real.High),
            IntegerDimension { Low: var low, High: var high } when low == high => null,
            IntegerDimension { Low: var low, High: var high } when low >= int.MinValue && high <= int.MaxValue && high - low < int.MaxValue => new IntegerTechnique(NameOf(name), (int)low, (int)high),
            ChoiceDimension { Values.Length: 1 } => null,
            ChoiceDimension { Values.Length: <= MaxChoices } choice => new CategoricalTechnique(NameOf(name), Ways(choice)),
            _ => Refused(path, dimension),
        };
        _slots.Add(new Slot(dimension, _length++, technique is null ? -1 : _techniques.Count, dimension is IntegerDimension integer ? integer.Low : 0));
        if (technique is not null) _techniques.Add(technique);
    }

    private Technique? Refused(string path, Dimension dimension)
    {
        _mistakes.Add(new GoalMistake($"space.{path}", dimension is ChoiceDimension choice
            ? $"this has {choice.Values.Length} choices; research takes {MaxChoices}: leave some out, or make it a number"
            : $"this range of whole numbers is too wide; research takes {int.MinValue:N0} to {int.MaxValue:N0}, no more than {int.MaxValue:N0} of them: write \"real\" and round"));
        return null;
    }

    /// <summary>The choices as people read them: strings without their quotes, unless another choice looks the same then.</summary>
    private static ImmutableArray<string> Ways(ChoiceDimension choice)
    {
        ImmutableArray<string> plain = [.. choice.Values.Select(value => value.Trim('"'))];
        return plain.Distinct(StringComparer.Ordinal).Count() == plain.Length ? plain : choice.Values;
    }

    /// <summary>A name that techniques may have; of one that is too long the end becomes a hash.</summary>
    private static string NameOf(string name)
    {
        var clean = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '-'));
        return clean.Length <= MaxName ? clean : $"{clean[..(MaxName - 9)]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8]}";
    }

    private static void SortKeys(Configuration configuration, Slot slot, Span<double> into)
    {
        var keys = new double[into.Length];
        var items = new double[into.Length];
        for (var i = 0; i < keys.Length; i++) (keys[i], items[i]) = (configuration[slot.Technique + i], i);
        Array.Sort(keys, items);
        items.CopyTo(into);
    }

    /// <summary>A leaf of the goal's space: where it stands in a candidate and, unless it has one value only, which technique or techniques it is.</summary>
    private readonly record struct Slot(Dimension Dimension, int Place, int Technique, double Fixed);
}

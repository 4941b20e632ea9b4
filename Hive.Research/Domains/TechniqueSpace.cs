using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Hive.Randomness;

namespace Hive.Research;

/// <summary>
/// The techniques of a domain, and the one place that knows how their values are scaled: numbers have a coordinate from 0 to 1, linear in the value or, for a
/// <see cref="LogRealTechnique"/>, in its logarithm.
/// </summary>
public sealed class TechniqueSpace
{
    /// <summary>The most techniques of a space.</summary>
    public const int MaxTechniques = 64;

    private readonly FrozenDictionary<string, int> _indices;

    /// <summary>A space of these techniques.</summary>
    /// <param name="techniques">1 to <see cref="MaxTechniques"/>, each name once.</param>
    /// <exception cref="ArgumentException">A technique breaks a rule of its kind; the message names it.</exception>
    public TechniqueSpace(ImmutableArray<Technique> techniques)
    {
        if (techniques.IsDefaultOrEmpty || techniques.Length > MaxTechniques)
        {
            throw new ArgumentException($"a space has 1 to {MaxTechniques} techniques", nameof(techniques));
        }

        foreach (var technique in techniques) Check(technique);
        if (techniques.GroupBy(technique => technique.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"the technique '{twice.Key}' is there twice", nameof(techniques));
        }

        Techniques = techniques;
        _indices = techniques.Select((technique, index) => (technique.Name, index)).ToFrozenDictionary(pair => pair.Name, pair => pair.index, StringComparer.Ordinal);
    }

    /// <summary>The techniques, in the order in which configurations hold their values.</summary>
    public ImmutableArray<Technique> Techniques { get; }

    /// <summary>Where a technique stands; −1 where the space has none of this name.</summary>
    /// <param name="name">The technique's name.</param>
    public int IndexOf(string name) => _indices.GetValueOrDefault(name, -1);

    /// <summary>The coordinate of a number from 0 to 1; a categorical technique's index stays as it is.</summary>
    /// <param name="index">Which technique.</param>
    /// <param name="value">Its value.</param>
    public double ToCoordinate(int index, double value) => Techniques[index] switch
    {
        IntegerTechnique integer => (value - integer.Least) / (integer.Most - (double)integer.Least),
        LogRealTechnique real => Math.Log(value / real.Least) / Math.Log(real.Most / real.Least),
        RealTechnique real => (value - real.Least) / (real.Most - real.Least),
        _ => value,
    };

    /// <summary>The value at a coordinate: clamped to the bounds, whole where the technique is (and never −0); the inverse of <see cref="ToCoordinate"/> within rounding.</summary>
    /// <param name="index">Which technique.</param>
    /// <param name="coordinate">The coordinate; for a categorical technique the index of the way.</param>
    public double FromCoordinate(int index, double coordinate) => Techniques[index] switch
    {
        IntegerTechnique integer => Math.Clamp(Math.Round(integer.Least + (coordinate * (integer.Most - (double)integer.Least))), integer.Least, integer.Most) + 0.0,
        LogRealTechnique real => Math.Clamp(real.Least * Math.Exp(coordinate * Math.Log(real.Most / real.Least)), real.Least, real.Most),
        RealTechnique real => Math.Clamp(real.Least + (coordinate * (real.Most - real.Least)), real.Least, real.Most),
        CategoricalTechnique categorical => Math.Clamp(Math.Round(coordinate), 0, categorical.Values.Length - 1),
        _ => coordinate,
    };

    /// <summary>A point drawn evenly: each way as likely, each coordinate as likely.</summary>
    /// <param name="random">The source of randomness.</param>
    public Configuration Sample(SeededRandom random)
    {
        var values = ImmutableArray.CreateBuilder<double>(Techniques.Length);
        for (var i = 0; i < Techniques.Length; i++) values.Add(Sample(i, random));
        return new Configuration(values.MoveToImmutable());
    }

    /// <summary>One technique's value, drawn evenly.</summary>
    /// <param name="index">Which technique.</param>
    /// <param name="random">The source of randomness.</param>
    public double Sample(int index, SeededRandom random) => Techniques[index] switch
    {
        CategoricalTechnique categorical => random.NextInt(categorical.Values.Length),
        IntegerTechnique integer => integer.Least + random.NextInt(integer.Most - integer.Least + 1),
        _ => FromCoordinate(index, random.NextDouble()),
    };

    /// <summary>Why a configuration is no point of this space; null where it is one.</summary>
    /// <param name="configuration">The configuration.</param>
    public string? Mistake(Configuration configuration)
    {
        if (configuration.Values.IsDefault || configuration.Values.Length != Techniques.Length)
        {
            return $"{Techniques.Length} values are wanted";
        }

        for (var i = 0; i < Techniques.Length; i++)
        {
            if (!IsValue(i, configuration[i])) return $"{configuration[i].ToString("R", CultureInfo.InvariantCulture)} is no value of '{Techniques[i].Name}'";
        }

        return null;
    }

    /// <summary>Whether a number is a value of a technique.</summary>
    /// <param name="index">Which technique.</param>
    /// <param name="value">The number.</param>
    public bool IsValue(int index, double value) => Techniques[index] switch
    {
        CategoricalTechnique categorical => value >= 0 && value < categorical.Values.Length && value == Math.Truncate(value),
        IntegerTechnique integer => value >= integer.Least && value <= integer.Most && value == Math.Truncate(value),
        LogRealTechnique real => value >= real.Least && value <= real.Most,
        RealTechnique real => value >= real.Least && value <= real.Most,
        _ => false,
    };

    /// <summary>A technique's value for people and files: the way's name, or the number in its shortest form that reads back the same.</summary>
    /// <param name="index">Which technique.</param>
    /// <param name="value">Its value.</param>
    public string Text(int index, double value) =>
        Techniques[index] is CategoricalTechnique categorical ? categorical.Values[(int)value] : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Writes a configuration as a JSON object: names to values, a way by its name.</summary>
    /// <param name="writer">Receives the object.</param>
    /// <param name="configuration">A point of this space.</param>
    public void Write(Utf8JsonWriter writer, Configuration configuration)
    {
        writer.WriteStartObject();
        for (var i = 0; i < Techniques.Length; i++)
        {
            if (Techniques[i] is CategoricalTechnique categorical) writer.WriteString(categorical.Name, categorical.Values[(int)configuration[i]]);
            else writer.WriteNumber(Techniques[i].Name, configuration[i]);
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="element">The JSON object; every technique must be there, and nothing else.</param>
    /// <exception cref="FormatException">It is no configuration of this space; the message says why.</exception>
    public Configuration Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object) throw new FormatException("a configuration is a JSON object: names of techniques to values");
        var values = new double[Techniques.Length];
        Array.Fill(values, double.NaN);
        foreach (var property in element.EnumerateObject())
        {
            var index = IndexOf(property.Name);
            if (index < 0) throw new FormatException($"there is no technique '{property.Name}'");
            values[index] = Value(index, property.Value);
        }

        var missing = Array.FindIndex(values, double.IsNaN);
        return missing < 0 ? new Configuration([.. values]) : throw new FormatException($"the technique '{Techniques[missing].Name}' has no value");
    }

    private double Value(int index, JsonElement element)
    {
        var value = (Techniques[index], element.ValueKind) switch
        {
            (CategoricalTechnique categorical, JsonValueKind.String) => categorical.Values.IndexOf(element.GetString()!),
            (not CategoricalTechnique, JsonValueKind.Number) when element.TryGetDouble(out var number) => number,
            _ => double.NaN,
        };
        return IsValue(index, value) ? value : throw new FormatException($"'{element.GetRawText()}' is no value of '{Techniques[index].Name}'");
    }

    private static void Check(Technique technique)
    {
        const int MaxName = 40;
        const int MaxWays = 32;
        if (technique.Name.Length is 0 or > MaxName || !technique.Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
        {
            throw new ArgumentException($"'{technique.Name}' is no name of a technique: 1 to {MaxName} letters, digits, '-' and '_'");
        }

        var fault = technique switch
        {
            CategoricalTechnique { Values: var ways } when ways.IsDefault || ways.Length is < 2 or > MaxWays || ways.Distinct().Count() != ways.Length => $"2 to {MaxWays} different ways are wanted",
            IntegerTechnique integer when integer.Most <= integer.Least => "the most must be above the least",
            LogRealTechnique real when !(real.Least > 0 && real.Most > real.Least && double.IsFinite(real.Most)) => "0 < least < most is wanted",
            RealTechnique real when !(double.IsFinite(real.Least) && real.Most > real.Least && double.IsFinite(real.Most)) => "least < most is wanted",
            _ => null,
        };
        if (fault is not null) throw new ArgumentException($"technique '{technique.Name}': {fault}");
    }
}

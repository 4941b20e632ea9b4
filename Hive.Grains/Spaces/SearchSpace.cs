using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Hive.Goals;

namespace Hive.Spaces;

/// <summary>
/// A goal's space laid out flat: every candidate is a point, an array of <see cref="Length"/> doubles, one a gene, and a permutation of n is n genes side by side.
/// Reals and log-reals are their value, integers the whole number, choices the index of the value, permutations the numbers themselves.
/// </summary>
/// <remarks>A point and its JSON text determine each other: numbers are written so that they read back to the same double.</remarks>
public sealed class SearchSpace
{
    /// <summary>The largest number of genes a space may have.</summary>
    public const int MaxLength = 20_000;

    private readonly ImmutableArray<NamedDimension> _names;

    private SearchSpace(ImmutableArray<NamedDimension> names, ImmutableArray<Gene> genes, ImmutableArray<Block> blocks)
    {
        _names = names;
        Genes = genes;
        Blocks = blocks;
        Length = genes.Sum(gene => gene.Length);
        Scale = new UnitScale(this);
    }

    /// <summary>The genes in the order of the point; a permutation is one gene of several places.</summary>
    public ImmutableArray<Gene> Genes { get; }

    /// <summary>The elements of the space's outermost vectors, in the order of the point; none where the space has no vector.</summary>
    public ImmutableArray<Block> Blocks { get; }

    /// <summary>How many doubles a point has.</summary>
    public int Length { get; }

    /// <summary>The space with every number scaled to 0 … 1.</summary>
    internal UnitScale Scale { get; }

    /// <summary>Lays a space out.</summary>
    /// <param name="space">A valid space (as <see cref="GoalFile"/> returns it), of at most <see cref="MaxLength"/> genes.</param>
    public static SearchSpace Of(ImmutableArray<NamedDimension> space)
    {
        var genes = ImmutableArray.CreateBuilder<Gene>();
        var blocks = ImmutableArray.CreateBuilder<Block>();
        var vectors = 0;
        var offset = 0;
        foreach (var name in space)
        {
            AddOutermost(name.Dimension, genes, blocks, ref vectors, ref offset);
        }

        return new SearchSpace(space, genes.ToImmutable(), blocks.ToImmutable());
    }

    /// <summary>Writes a point as the candidate's JSON object, on one line.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="point"><see cref="Length"/> doubles inside the space.</param>
    public void Write(Utf8JsonWriter writer, ReadOnlySpan<double> point)
    {
        writer.WriteStartObject();
        var at = 0;
        foreach (var name in _names)
        {
            writer.WritePropertyName(name.Name);
            WriteValue(writer, name.Dimension, point, ref at);
        }

        writer.WriteEndObject();
    }

    /// <summary>The candidate's JSON text.</summary>
    /// <param name="point"><see cref="Length"/> doubles inside the space.</param>
    public string ToJson(ReadOnlySpan<double> point)
    {
        var buffer = new ArrayBufferWriter<byte>(64 + (24 * point.Length));
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, point);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads a candidate back.</summary>
    /// <param name="json">The JSON text.</param>
    /// <returns>The point.</returns>
    /// <exception cref="FormatException">The text is no JSON, or no candidate of this space; the message says where.</exception>
    public double[] FromJson(string json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new FormatException($"the candidate is not JSON: {e.Message}", e);
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("the candidate is not a JSON object");
            }

            RefuseOthers(document.RootElement);
            var point = new double[Length];
            var at = 0;
            foreach (var name in _names)
            {
                if (!document.RootElement.TryGetProperty(name.Name, out var value))
                {
                    throw new FormatException($"the candidate lacks '{name.Name}'");
                }

                ReadValue(value, name.Dimension, point, ref at, name.Name);
            }

            return point;
        }
    }

    private void RefuseOthers(JsonElement candidate)
    {
        var known = _names.Select(name => name.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var property in candidate.EnumerateObject())
        {
            if (!known.Remove(property.Name))
            {
                throw new FormatException($"the candidate has '{property.Name}', which is none of its names, or has it twice");
            }
        }
    }

    private static void AddOutermost(
        Dimension dimension, ImmutableArray<Gene>.Builder genes, ImmutableArray<Block>.Builder blocks, ref int vectors, ref int offset)
    {
        switch (dimension)
        {
            case VectorDimension vector:
                for (var i = 0; i < vector.Length; i++)
                {
                    var start = offset;
                    AddGenes(vector.Of, genes, ref offset);
                    blocks.Add(new Block(vectors, start, offset - start));
                }

                vectors++;
                break;
            case TupleDimension tuple:
                foreach (var item in tuple.Items)
                {
                    AddOutermost(item, genes, blocks, ref vectors, ref offset);
                }

                break;
            default:
                AddGenes(dimension, genes, ref offset);
                break;
        }
    }

    private static void AddGenes(Dimension dimension, ImmutableArray<Gene>.Builder genes, ref int offset)
    {
        switch (dimension)
        {
            case VectorDimension vector:
                for (var i = 0; i < vector.Length; i++)
                {
                    AddGenes(vector.Of, genes, ref offset);
                }

                break;
            case TupleDimension tuple:
                foreach (var item in tuple.Items)
                {
                    AddGenes(item, genes, ref offset);
                }

                break;
            default:
                var gene = Leaf(dimension, offset);
                genes.Add(gene);
                offset += gene.Length;
                break;
        }
    }

    private static Gene Leaf(Dimension dimension, int offset) => dimension switch
    {
        RealDimension real => new Gene(GeneKind.Real, offset, 1, real.Low, real.High),
        LogRealDimension real => new Gene(GeneKind.LogReal, offset, 1, real.Low, real.High),
        IntegerDimension integer => new Gene(GeneKind.Integer, offset, 1, integer.Low, integer.High),
        ChoiceDimension choice => new Gene(GeneKind.Choice, offset, 1, 0, choice.Values.Length - 1),
        PermutationDimension permutation => new Gene(GeneKind.Permutation, offset, permutation.Length, 0, permutation.Length - 1),
        _ => throw new ArgumentException($"{dimension.GetType().Name} is no leaf", nameof(dimension)),
    };

    private static void WriteValue(Utf8JsonWriter writer, Dimension dimension, ReadOnlySpan<double> point, ref int at)
    {
        switch (dimension)
        {
            case RealDimension or LogRealDimension:
                writer.WriteNumberValue(point[at++]);
                break;
            case IntegerDimension:
                writer.WriteNumberValue((long)point[at++]);
                break;
            case ChoiceDimension choice:
                writer.WriteRawValue(choice.Values[(int)point[at++]]);
                break;
            case PermutationDimension permutation:
                writer.WriteStartArray();
                for (var i = 0; i < permutation.Length; i++)
                {
                    writer.WriteNumberValue((long)point[at++]);
                }

                writer.WriteEndArray();
                break;
            case VectorDimension vector:
                writer.WriteStartArray();
                for (var i = 0; i < vector.Length; i++)
                {
                    WriteValue(writer, vector.Of, point, ref at);
                }

                writer.WriteEndArray();
                break;
            case TupleDimension tuple:
                writer.WriteStartArray();
                foreach (var item in tuple.Items)
                {
                    WriteValue(writer, item, point, ref at);
                }

                writer.WriteEndArray();
                break;
            default:
                throw new ArgumentException($"{dimension.GetType().Name} is no dimension of a space", nameof(dimension));
        }
    }

    private static void ReadValue(JsonElement value, Dimension dimension, double[] point, ref int at, string path)
    {
        switch (dimension)
        {
            case RealDimension real:
                point[at++] = Number(value, real.Low, real.High, path);
                break;
            case LogRealDimension real:
                point[at++] = Number(value, real.Low, real.High, path);
                break;
            case IntegerDimension integer:
                point[at++] = WholeNumber(value, integer.Low, integer.High, path);
                break;
            case ChoiceDimension choice:
                var index = IndexOf(choice, value);
                point[at++] = index >= 0 ? index : throw new FormatException($"'{path}' is none of the choices");
                break;
            case PermutationDimension permutation:
                ReadPermutation(value, permutation.Length, point.AsSpan(at, permutation.Length), path);
                at += permutation.Length;
                break;
            case VectorDimension vector:
                RequireArray(value, vector.Length, path);
                for (var i = 0; i < vector.Length; i++)
                {
                    ReadValue(value[i], vector.Of, point, ref at, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"));
                }

                break;
            case TupleDimension tuple:
                RequireArray(value, tuple.Items.Length, path);
                for (var i = 0; i < tuple.Items.Length; i++)
                {
                    ReadValue(value[i], tuple.Items[i], point, ref at, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"));
                }

                break;
            default:
                throw new ArgumentException($"{dimension.GetType().Name} is no dimension of a space", nameof(dimension));
        }
    }

    private static int IndexOf(ChoiceDimension choice, JsonElement value)
    {
        for (var i = 0; i < choice.Values.Length; i++)
        {
            using var document = JsonDocument.Parse(choice.Values[i]);
            if (JsonElement.DeepEquals(document.RootElement, value))
            {
                return i;
            }
        }

        return -1;
    }

    private static void ReadPermutation(JsonElement value, int length, Span<double> into, string path)
    {
        RequireArray(value, length, path);
        var seen = new bool[length];
        for (var i = 0; i < length; i++)
        {
            var number = (int)WholeNumber(value[i], 0, length - 1, path);
            if (seen[number])
            {
                throw new FormatException($"'{path}' has {number} twice: it is no permutation of 0…{length - 1}");
            }

            seen[number] = true;
            into[i] = number;
        }
    }

    private static void RequireArray(JsonElement value, int length, string path)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != length)
        {
            throw new FormatException($"'{path}' is not an array of {length}");
        }
    }

    private static double WholeNumber(JsonElement value, double low, double high, string path)
    {
        var number = Number(value, low, high, path);
        return number == Math.Truncate(number) ? number : throw new FormatException($"'{path}' is not a whole number");
    }

    private static double Number(JsonElement value, double low, double high, string path) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= low && number <= high
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{path}' is not a number from {low} to {high}"));
}

using System.Collections.Immutable;
using System.Text.Json;

namespace Hive.Goals;

/// <summary>Reads the space of a goal.</summary>
internal static class SpaceReader
{
    private const int MaxGenes = 20_000;
    private const int MaxDepth = 16;
    private const long MaxWhole = 1L << 53;

    private const string Shapes =
        "write one of {\"real\": [low, high]}, {\"logReal\": [low, high]}, {\"integer\": [low, high]}, {\"choice\": [values]}, "
        + "{\"permutation\": n}, {\"vector\": {\"length\": n, \"of\": …}}, {\"tuple\": [ … ]}";

    public static ImmutableArray<NamedDimension> Read(ElementReader? reader)
    {
        if (reader is not { } space)
        {
            return [];
        }

        if (space.Element.ValueKind != JsonValueKind.Object)
        {
            space.Wrong($"this is {ElementReader.Kind(space.Element)}; it must be an object of names to shapes");
            return [];
        }

        var names = ImmutableArray.CreateBuilder<NamedDimension>();
        foreach (var member in space.Element.EnumerateObject())
        {
            names.Add(new NamedDimension(member.Name, Dimension(space.At(member.Name, member.Value), 0)));
        }

        if (names.Count == 0)
        {
            space.Wrong("this is empty; name at least one thing to vary, such as {\"x\": {\"real\": [0, 1]}}");
        }

        var genes = names.Sum(name => Genes(name.Dimension));
        if (genes > MaxGenes)
        {
            space.Wrong($"this has {genes:N0} numbers to vary; at most {MaxGenes:N0} are allowed");
        }

        return names.ToImmutable();
    }

    private static Dimension Dimension(ElementReader reader, int depth)
    {
        Dimension nothing = new RealDimension(0, 1);
        if (depth > MaxDepth)
        {
            reader.Wrong($"shapes nest at most {MaxDepth} deep");
            return nothing;
        }

        if (reader.Element.ValueKind != JsonValueKind.Object || reader.Element.GetPropertyCount() != 1)
        {
            reader.Wrong($"this is no shape; {Shapes}");
            return nothing;
        }

        var member = reader.Element.EnumerateObject().First();
        var shape = reader.At(member.Name, member.Value);
        switch (member.Name)
        {
            case "real":
                var (low, high) = Bounds(shape);
                return new RealDimension(low, high);
            case "logReal":
                (low, high) = Bounds(shape);
                if (low <= 0)
                {
                    shape.Wrong("a logarithmic scale has no zero; the lower bound must be above 0");
                }

                return new LogRealDimension(low, high);
            case "integer":
                return Integer(shape);
            case "choice":
                return Choice(shape);
            case "permutation":
                return new PermutationDimension((int)shape.WholeNumber(2, 10_000));
            case "vector":
                if (!shape.IsObject("length", "of"))
                {
                    return nothing;
                }

                var length = (int)(shape.Required("length", "say how many items the vector has")?.WholeNumber(1, MaxGenes) ?? 1);
                var of = shape.Required("of", $"say what each item is; {Shapes}") is { } item ? Dimension(item, depth + 1) : nothing;
                return new VectorDimension(length, of);
            case "tuple":
                var items = shape.Array(1, 1000);
                return new TupleDimension([.. items.Select((item, i) => Dimension(shape.At(i, item), depth + 1))]);
            default:
                shape.Wrong($"'{member.Name}' is no shape; {Shapes}");
                return nothing;
        }
    }

    private static (double Low, double High) Bounds(ElementReader shape)
    {
        var ends = shape.Array(2, 2);
        if (ends.Length == 0)
        {
            return (1, 2);
        }

        var low = shape.At(0, ends[0]).Number();
        var high = shape.At(1, ends[1]).Number();
        if (low >= high)
        {
            shape.Wrong("the lower bound must be below the upper one");
        }
        else if (!double.IsFinite(high - low))
        {
            shape.Wrong("the bounds are too far apart; their difference must be a finite number");
        }

        return (low, high);
    }

    private static IntegerDimension Integer(ElementReader shape)
    {
        var ends = shape.Array(2, 2);
        if (ends.Length == 0)
        {
            return new IntegerDimension(0, 1);
        }

        var low = shape.At(0, ends[0]).WholeNumber(-MaxWhole, MaxWhole);
        var high = shape.At(1, ends[1]).WholeNumber(-MaxWhole, MaxWhole);
        if (low > high)
        {
            shape.Wrong("the lower bound must not be above the upper one");
        }

        return new IntegerDimension(low, high);
    }

    private static ChoiceDimension Choice(ElementReader shape)
    {
        var values = shape.Array(1, 1000);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                shape.At(i, values[i]).Wrong("a choice is a string, a number, true, false or null");
            }
            else if (values.Take(i).Any(earlier => JsonElement.DeepEquals(earlier, values[i])))
            {
                shape.At(i, values[i]).Wrong("this value stands here twice");
            }
        }

        return new ChoiceDimension([.. values.Select(value => value.GetRawText())]);
    }

    private static long Genes(Dimension dimension) => dimension switch
    {
        PermutationDimension permutation => permutation.Length,
        VectorDimension vector => Math.Min(vector.Length * Genes(vector.Of), int.MaxValue),
        TupleDimension tuple => Math.Min(tuple.Items.Sum(Genes), int.MaxValue),
        _ => 1,
    };
}

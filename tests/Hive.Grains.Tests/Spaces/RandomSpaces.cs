using System.Collections.Immutable;
using System.Globalization;
using Hive.Explorers;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Tests.Spaces;

/// <summary>Spaces of every shape, each from a number.</summary>
internal static class RandomSpaces
{
    public static ImmutableArray<NamedDimension> Dimensions(ulong seed)
    {
        var random = new SeededRandom(seed);
        var names = 1 + random.NextInt(4);
        return [.. Enumerable.Range(0, names).Select(i => new NamedDimension(string.Create(CultureInfo.InvariantCulture, $"n{i}"), Any(random, 2)))];
    }

    public static SearchSpace Space(ulong seed) => SearchSpace.Of(Dimensions(seed));

    /// <summary>Whether a point is one of the space.</summary>
    public static bool Contains(SearchSpace space, ReadOnlySpan<double> point)
    {
        if (point.Length != space.Length)
        {
            return false;
        }

        foreach (var gene in space.Genes)
        {
            var values = point.Slice(gene.Offset, gene.Length).ToArray();
            var isWhole = gene.Kind is not (GeneKind.Real or GeneKind.LogReal);
            if (values.Any(value => !(value >= gene.Low && value <= gene.High) || (isWhole && value != Math.Truncate(value))) ||
                (gene.Kind == GeneKind.Permutation && values.Distinct().Count() != values.Length))
            {
                return false;
            }
        }

        return true;
    }

    private static Dimension Any(SeededRandom random, int depth) => random.NextInt(depth > 0 ? 7 : 5) switch
    {
        0 => Real(random),
        1 => LogReal(random),
        2 => Integer(random),
        3 => new ChoiceDimension([.. Enumerable.Range(0, 1 + random.NextInt(5)).Select(i => i.ToString(CultureInfo.InvariantCulture))]),
        4 => new PermutationDimension(2 + random.NextInt(8)),
        5 => new VectorDimension(1 + random.NextInt(4), Any(random, depth - 1)),
        _ => new TupleDimension([.. Enumerable.Range(0, 1 + random.NextInt(3)).Select(_ => Any(random, depth - 1))]),
    };

    private static RealDimension Real(SeededRandom random)
    {
        var low = (random.NextDouble() - 0.5) * Math.Pow(10, random.NextInt(9) - 4);
        return random.NextInt(8) == 0
            ? new RealDimension(double.MinValue, double.MaxValue)
            : new RealDimension(low, low + Math.Pow(10, random.NextInt(9) - 4));
    }

    private static LogRealDimension LogReal(SeededRandom random)
    {
        var low = Math.Pow(10, -random.NextInt(300));
        return new LogRealDimension(low, low * Math.Pow(10, 1 + random.NextInt(8)));
    }

    private static IntegerDimension Integer(SeededRandom random)
    {
        const long Most = 1L << 53;
        var low = random.NextInt(200) - 100;
        return random.NextInt(8) == 0 ? new IntegerDimension(-Most, Most) : new IntegerDimension(low, low + random.NextInt(1000));
    }
}

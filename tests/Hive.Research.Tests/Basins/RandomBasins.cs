using System.Collections.Immutable;
using Hive.Basins;
using Hive.Randomness;

namespace Hive.Research.Tests.Basins;

/// <summary>Spaces and points drawn from a seed.</summary>
internal static class RandomBasins
{
    public static BasinSpace Space(SeededRandom random, int maxTechniques = 12)
    {
        var techniques = Enumerable.Range(0, 1 + random.NextInt(maxTechniques)).Select(Technique (i) => random.NextInt(4) switch
        {
            0 => new IntegerTechnique($"n{i}", -3, random.NextInt(20)),
            1 => new LogRealTechnique($"l{i}", 1e-4, 1),
            2 => new RealTechnique($"r{i}", -1, 1 + random.NextDouble()),
            _ => new CategoricalTechnique($"c{i}", [.. Enumerable.Range(0, 2 + random.NextInt(7)).Select(way => $"w{way}")]),
        }).ToImmutableArray();
        var associations = Enumerable.Range(1, techniques.Length - 1).Where(_ => random.NextChance(0.2)).Take(BasinSpace.MaxAssociations).Select(second =>
        {
            var first = random.NextInt(second);
            return new Association(first, Way(techniques[first], random), second, Way(techniques[second], random));
        });
        return new BasinSpace(new TechniqueSpace(techniques), [.. associations]);
    }

    public static BasinPoint Point(BasinSpace space, SeededRandom random) => new(
        space,
        [
            .. space.Techniques.Techniques.Select(BasinFactor (technique) => technique is CategoricalTechnique categorical
                ? Simplex(categorical.Values.Length, random)
                : new GaussianFactor(random.NextDouble(), 0.01 + (0.9 * random.NextDouble()))),
            .. space.Associations.Select(_ => new AssociationFactor(1.9 * (random.NextDouble() - 0.5))),
        ]);

    public static SimplexFactor Simplex(int ways, SeededRandom random)
    {
        var weights = Enumerable.Range(0, ways).Select(_ => SimplexFactor.Floor - Math.Log(1 - random.NextDouble())).ToArray();
        return SimplexFactor.Lifted(weights);
    }

    public static double[] Tangent(BasinPoint at, double norm, SeededRandom random)
    {
        var tangent = Enumerable.Range(0, at.Space.Dimension).Select(_ => random.NextGaussian()).ToArray();
        at.Project(tangent);
        var length = Math.Sqrt(tangent.Sum(coordinate => coordinate * coordinate));
        return [.. tangent.Select(coordinate => coordinate * norm / length)];
    }

    private static int Way(Technique technique, SeededRandom random) => technique is CategoricalTechnique categorical ? random.NextInt(categorical.Values.Length) : -1;
}

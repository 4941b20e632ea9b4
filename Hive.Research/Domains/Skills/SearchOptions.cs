namespace Hive.Research.Skills;

/// <summary>What the search goes by.</summary>
internal enum Fitness
{
    /// <summary>The share of examples that are right.</summary>
    Cases,

    /// <summary>How near the results are, on a logarithmic scale.</summary>
    Distance,

    /// <summary>The share of bits that are right.</summary>
    Bits,
}

/// <summary>A point of the skills domain's space with names.</summary>
internal sealed record SearchOptions
{
    /// <summary>What may be varied.</summary>
    public static TechniqueSpace Space { get; } = new(
    [
        new LogRealTechnique("population", 4, 400),
        new IntegerTechnique("tournament", 1, 12),
        new RealTechnique("crossover", 0, 1),
        new LogRealTechnique("mutate-subtree", 0.05, 5),
        new LogRealTechnique("mutate-point", 0.05, 5),
        new LogRealTechnique("mutate-constant", 0.05, 5),
        new LogRealTechnique("mutate-wrap", 0.05, 5),
        new IntegerTechnique("depth", 1, 6),
        new LogRealTechnique("parsimony", 1e-5, 0.1),
        new CategoricalTechnique("fitness", ["cases", "distance", "bits"]),
        new LogRealTechnique("arithmetic", 0.05, 5),
        new LogRealTechnique("bitwise", 0.05, 5),
        new LogRealTechnique("logic", 0.05, 5),
        new RealTechnique("constant-share", 0.05, 0.9),
        new LogRealTechnique("constant-size", 1, 1000),
        new CategoricalTechnique("replacement", ["worst", "oldest", "loser"]),
    ]);

    /// <summary>Genetic programming as in its textbook: many small changes, fitness by cases (Koza, <i>Genetic Programming</i>, 1992).</summary>
    public static Configuration Baseline { get; } = new([100, 2, 0.9, 1, 0.1, 0.1, 0.1, 4, 1e-4, 0, 1, 1, 1, 0.5, 100, 1]);

    /// <summary>How many programs live at once.</summary>
    public required int Population { get; init; }

    /// <summary>Of how many the best becomes a parent.</summary>
    public required int Tournament { get; init; }

    /// <summary>How often a child has two parents.</summary>
    public required double Crossover { get; init; }

    /// <summary>How likely, beside each other, a subexpression, an operation, a constant is changed, or an operation put around one.</summary>
    public required double[] Mutations { get; init; }

    /// <summary>How deep new expressions are.</summary>
    public required int Depth { get; init; }

    /// <summary>What a node costs in fitness.</summary>
    public required double Parsimony { get; init; }

    /// <summary>What the search goes by.</summary>
    public required Fitness Fitness { get; init; }

    /// <summary>How likely operations of the families are, beside each other.</summary>
    public required double[] Families { get; init; }

    /// <summary>The share of constants among leaves; the rest are arguments.</summary>
    public required double ConstantShare { get; init; }

    /// <summary>The size of constants: their standard deviation.</summary>
    public required double ConstantSize { get; init; }

    /// <summary>Who makes way for a child: 0 the worst, 1 the oldest, 2 the loser of a tournament.</summary>
    public required int Replacement { get; init; }

    /// <summary>Names a point's values.</summary>
    /// <param name="configuration">A point of <see cref="Space"/>.</param>
    public static SearchOptions Of(Configuration configuration) => new()
    {
        Population = (int)Math.Round(configuration[0]),
        Tournament = (int)configuration[1],
        Crossover = configuration[2],
        Mutations = [configuration[3], configuration[4], configuration[5], configuration[6]],
        Depth = (int)configuration[7],
        Parsimony = configuration[8],
        Fitness = (Fitness)configuration[9],
        Families = [0, configuration[10], configuration[11], configuration[12]],
        ConstantShare = configuration[13],
        ConstantSize = configuration[14],
        Replacement = (int)configuration[15],
    };
}

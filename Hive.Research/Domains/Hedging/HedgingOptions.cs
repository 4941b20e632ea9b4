namespace Hive.Research.Hedging;

/// <summary>Where an attempt's twin is sent.</summary>
internal enum TwinPlacement
{
    /// <summary>To the silo that first had it.</summary>
    Same,

    /// <summary>To any other.</summary>
    Other,

    /// <summary>To the one of the others that was the fastest lately.</summary>
    Fastest,
}

/// <summary>When an attempt gets a twin; a point of the hedging domain's space with names.</summary>
internal sealed record HedgingOptions
{
    /// <summary>What may be varied.</summary>
    public static TechniqueSpace Space { get; } = new(
    [
        new RealTechnique("percentile", 0.5, 0.999),
        new IntegerTechnique("twins", 0, 4),
        new LogRealTechnique("extra-work", 0.001, 1),
        new CategoricalTechnique("placement", ["same", "other", "fastest"]),
        new LogRealTechnique("backoff", 0.1, 5),
        new IntegerTechnique("window", 16, 1024),
        new CategoricalTechnique("cancel", ["no", "yes"]),
        new CategoricalTechnique("first", ["any", "fastest"]),
        new LogRealTechnique("memory", 0.01, 0.9),
    ]);

    /// <summary>One twin at the 95th percentile, to any other silo, for at most 5 % more work: what <i>The tail at scale</i> proposes.</summary>
    public static Configuration Baseline { get; } = new([0.95, 1, 0.05, 1, 1, 256, 0, 0, 0.1]);

    /// <summary>The share of recent attempts that were done by the time at which a twin is sent.</summary>
    public required double Percentile { get; init; }

    /// <summary>How many twins an attempt may have.</summary>
    public required int Twins { get; init; }

    /// <summary>How much more work than without twins may be done, as a share.</summary>
    public required double ExtraWork { get; init; }

    /// <summary>Where a twin is sent.</summary>
    public required TwinPlacement Placement { get; init; }

    /// <summary>How long until the next twin, in times the first wait.</summary>
    public required double Backoff { get; init; }

    /// <summary>Of how many attempts the percentile is taken.</summary>
    public required int Window { get; init; }

    /// <summary>Whether the others are called off as soon as one has answered.</summary>
    public required bool Cancels { get; init; }

    /// <summary>Whether the attempt itself goes to the silo that was the fastest lately.</summary>
    public required bool StartsFastest { get; init; }

    /// <summary>How fast what is known of a silo's speed follows its last answer, from 0 to 1.</summary>
    public required double Memory { get; init; }

    /// <summary>Names a point's values.</summary>
    /// <param name="configuration">A point of <see cref="Space"/>.</param>
    public static HedgingOptions Of(Configuration configuration) => new()
    {
        Percentile = configuration[0],
        Twins = (int)configuration[1],
        ExtraWork = configuration[2],
        Placement = (TwinPlacement)configuration[3],
        Backoff = configuration[4],
        Window = (int)configuration[5],
        Cancels = configuration[6] == 1,
        StartsFastest = configuration[7] == 1,
        Memory = configuration[8],
    };
}

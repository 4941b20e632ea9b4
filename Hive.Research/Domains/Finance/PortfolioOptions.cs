namespace Hive.Research.Finance;

/// <summary>How money is divided among the assets that are held.</summary>
internal enum Weighting
{
    /// <summary>The same for each.</summary>
    Equal,

    /// <summary>By 1/volatility.</summary>
    InverseVolatility,

    /// <summary>With the least variance.</summary>
    MinimumVariance,

    /// <summary>With the best expected return less risk (Markowitz, <i>Portfolio selection</i>, 1952).</summary>
    MeanVariance,
}

/// <summary>A point of the finance domain's space with names.</summary>
internal sealed record PortfolioOptions
{
    /// <summary>What may be varied.</summary>
    public static TechniqueSpace Space { get; } = new(
    [
        new CategoricalTechnique("weighting", ["equal", "inverse-volatility", "minimum-variance", "mean-variance"]),
        new IntegerTechnique("risk-months", 2, 24),
        new IntegerTechnique("momentum-months", 1, 18),
        new IntegerTechnique("momentum-skip", 0, 2),
        new RealTechnique("held-share", 0.1, 1),
        new RealTechnique("covariance-shrinkage", 0, 1),
        new RealTechnique("mean-shrinkage", 0, 1),
        new LogRealTechnique("risk-aversion", 0.5, 50),
        new RealTechnique("most-weight", 0.1, 1),
        new CategoricalTechnique("volatility-target", ["off", "on"]),
        new LogRealTechnique("target", 0.03, 0.3),
        new LogRealTechnique("most-leverage", 0.5, 3),
        new LogRealTechnique("half-life-days", 5, 250),
        new RealTechnique("smoothing", 0, 0.9),
        new LogRealTechnique("no-trade-band", 0.001, 0.3),
        new CategoricalTechnique("trend-filter", ["off", "on"]),
    ]);

    /// <summary>The same in every asset, every month: hard to beat (DeMiguel, Garlappi and Uppal, <i>Optimal versus naive diversification</i>, 2009).</summary>
    public static Configuration Baseline { get; } = new([0, 12, 12, 1, 1, 0, 0, 5, 1, 0, 0.1, 1, 60, 0, 0.001, 0]);

    /// <summary>How money is divided.</summary>
    public required Weighting Weighting { get; init; }

    /// <summary>Of how many months risk is estimated.</summary>
    public required int RiskMonths { get; init; }

    /// <summary>Of how many months the return is what assets are chosen by.</summary>
    public required int MomentumMonths { get; init; }

    /// <summary>How many of the latest months do not count for that.</summary>
    public required int MomentumSkip { get; init; }

    /// <summary>The share of assets that are held: those with the best return.</summary>
    public required double HeldShare { get; init; }

    /// <summary>How far the covariances are drawn to 0 (Ledoit and Wolf, <i>Honey, I shrunk the sample covariance matrix</i>, 2004, with the diagonal as target).</summary>
    public required double CovarianceShrinkage { get; init; }

    /// <summary>How far expected returns are drawn to their mean.</summary>
    public required double MeanShrinkage { get; init; }

    /// <summary>How much variance costs.</summary>
    public required double RiskAversion { get; init; }

    /// <summary>The most that may be in one asset, as a share; raised where the assets held could not take all of it.</summary>
    public required double MostWeight { get; init; }

    /// <summary>Whether the whole is scaled to a volatility (Moreira and Muir, <i>Volatility-managed portfolios</i>, 2017).</summary>
    public required bool TargetsVolatility { get; init; }

    /// <summary>That volatility a year.</summary>
    public required double Target { get; init; }

    /// <summary>The most that may be invested, as a multiple of what is there.</summary>
    public required double MostLeverage { get; init; }

    /// <summary>After how many days a day counts half for the volatility that is scaled.</summary>
    public required double HalfLifeDays { get; init; }

    /// <summary>The share of the old weights in the new ones.</summary>
    public required double Smoothing { get; init; }

    /// <summary>A weight that would change by less is left as it is.</summary>
    public required double NoTradeBand { get; init; }

    /// <summary>Whether assets whose chosen return is negative give way to cash (Moskowitz, Ooi and Pedersen, <i>Time series momentum</i>, 2012).</summary>
    public required bool FiltersTrend { get; init; }

    /// <summary>Names a point's values.</summary>
    /// <param name="configuration">A point of <see cref="Space"/>.</param>
    public static PortfolioOptions Of(Configuration configuration) => new()
    {
        Weighting = (Weighting)configuration[0],
        RiskMonths = (int)configuration[1],
        MomentumMonths = (int)configuration[2],
        MomentumSkip = (int)configuration[3],
        HeldShare = configuration[4],
        CovarianceShrinkage = configuration[5],
        MeanShrinkage = configuration[6],
        RiskAversion = configuration[7],
        MostWeight = configuration[8],
        TargetsVolatility = configuration[9] == 1,
        Target = configuration[10],
        MostLeverage = configuration[11],
        HalfLifeDays = configuration[12],
        Smoothing = configuration[13],
        NoTradeBand = configuration[14],
        FiltersTrend = configuration[15] == 1,
    };
}

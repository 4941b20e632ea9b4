namespace Hive.Basins;

/// <summary>How many tangent vectors become one.</summary>
public enum AggregationRule
{
    /// <summary>The weighted mean: the best where all are honest, and moved anywhere by one who is not.</summary>
    Mean,

    /// <summary>
    /// In each coordinate the weighted mean without the share of the weight that may be hostile at either end (Yin, Chen, Ramchandran and Bartlett, 2018). The default: it
    /// keeps weights, costs O(n·d·log n), and under attack errs by no more than the honest spread.
    /// </summary>
    TrimmedMean,

    /// <summary>The one vector with the least sum of squared distances to its n − f − 2 nearest (Blanchard, El Mhamdi, Guerraoui and Stainer, 2017). O(n²·d). Weights are not used.</summary>
    Krum,

    /// <summary>
    /// Krum again and again until n − 2f vectors are chosen, then in each coordinate the mean of the n − 4f nearest to their median (El Mhamdi, Guerraoui and Rouault, 2018).
    /// O(n³). Weights are not used.
    /// </summary>
    Bulyan,

    /// <summary>In each coordinate the sign of the weighted majority, with the weighted median of magnitudes (after Bernstein, Zhao, Azizzadenesheli and Anandkumar, 2019).</summary>
    SignMajority,
}

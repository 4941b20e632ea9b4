using Hive.Randomness;
using Hive.Research;

namespace Hive.Swarm;

/// <summary>
/// What results so far tell of a configuration that nobody tried: the mean and the spread of a forest of randomised regression trees. It takes categorical and numeric
/// techniques alike, finds by itself which of them matter, and costs milliseconds.
/// </summary>
/// <remarks>
/// Trees with random cuts: Geurts, Ernst and Wehenkel, <i>Extremely randomized trees</i>, 2006. As a model of experiments: Hutter, Hoos and Leyton-Brown,
/// <i>Sequential model-based optimization for general algorithm configuration</i>, 2011.
/// </remarks>
internal sealed class RegressionForest
{
    private const int Trees = 40;
    private const int LeastInLeaf = 2;

    private readonly RegressionTree[] _trees;

    private RegressionForest(RegressionTree[] trees) => _trees = trees;

    /// <summary>Fits a forest.</summary>
    /// <param name="space">Tells which techniques are categorical.</param>
    /// <param name="rows">The configurations as coordinates (<see cref="TechniqueSpace.ToCoordinate"/>), at least one.</param>
    /// <param name="values">What each gave.</param>
    /// <param name="random">Decides samples and cuts.</param>
    public static RegressionForest Fit(TechniqueSpace space, double[][] rows, double[] values, SeededRandom random)
    {
        var isCategorical = space.Techniques.Select(technique => technique is CategoricalTechnique).ToArray();
        var trees = new RegressionTree[Trees];
        var sample = new int[rows.Length];
        for (var t = 0; t < Trees; t++)
        {
            for (var i = 0; i < sample.Length; i++) sample[i] = random.NextInt(rows.Length);
            trees[t] = RegressionTree.Grow(isCategorical, rows, values, sample, LeastInLeaf, random);
        }

        return new RegressionForest(trees);
    }

    /// <summary>The mean and the variance that the forest expects at a point: how its trees disagree, and how results within their leaves do.</summary>
    /// <param name="row">The point's coordinates.</param>
    public (double Mean, double Variance) Predict(double[] row)
    {
        var (sum, squares, within) = (0.0, 0.0, 0.0);
        foreach (var tree in _trees)
        {
            var (mean, variance) = tree.Predict(row);
            sum += mean;
            squares += mean * mean;
            within += variance;
        }

        var average = sum / Trees;
        return (average, Math.Max(0, (squares / Trees) - (average * average)) + (within / Trees));
    }
}

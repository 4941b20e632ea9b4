using Hive.Randomness;

namespace Hive.Swarm;

/// <summary>One tree of a <see cref="RegressionForest"/>: each inner node asks for a way of a categorical technique, or on which side of a cut a coordinate lies.</summary>
internal sealed class RegressionTree
{
    private const int CutsTried = 2;

    private readonly List<Node> _nodes = [];
    private readonly bool[] _isCategorical;
    private readonly double[][] _rows;
    private readonly double[] _values;
    private readonly int _leastInLeaf;
    private readonly SeededRandom _random;

    private RegressionTree(bool[] isCategorical, double[][] rows, double[] values, int leastInLeaf, SeededRandom random) =>
        (_isCategorical, _rows, _values, _leastInLeaf, _random) = (isCategorical, rows, values, leastInLeaf, random);

    public static RegressionTree Grow(bool[] isCategorical, double[][] rows, double[] values, ReadOnlySpan<int> sample, int leastInLeaf, SeededRandom random)
    {
        var tree = new RegressionTree(isCategorical, rows, values, leastInLeaf, random);
        tree.Grow(sample.ToArray());
        return tree;
    }

    /// <summary>The mean and the variance of the results in the leaf where a point falls.</summary>
    public (double Mean, double Variance) Predict(double[] row)
    {
        var at = 0;
        while (_nodes[at] is { Technique: >= 0 } node) at = GoesLeft(node, row) ? node.Left : node.Right;
        return (_nodes[at].Mean, _nodes[at].Variance);
    }

    private int Grow(Span<int> sample)
    {
        var at = _nodes.Count;
        var (mean, variance) = Moments(sample);
        _nodes.Add(new Node(-1, 0, 0, 0, mean, variance));
        if (sample.Length < 2 * _leastInLeaf || variance <= 0 || FindCut(sample) is not { } cut) return at;
        var left = Divide(sample, cut);
        _nodes[at] = cut with { Left = Grow(sample[..left]), Right = Grow(sample[left..]) };
        return at;
    }

    /// <summary>Of random cuts of every technique, the one that leaves the least variance on its two sides; null where none divides the sample.</summary>
    private Node? FindCut(ReadOnlySpan<int> sample)
    {
        Node? best = null;
        var least = double.PositiveInfinity;
        for (var technique = 0; technique < _isCategorical.Length; technique++)
        {
            for (var i = 0; i < CutsTried; i++)
            {
                var cut = new Node(technique, RandomCut(sample, technique), 0, 0, 0, 0);
                var left = SpreadAfter(sample, cut);
                if (left < least) (least, best) = (left, cut);
            }
        }

        return best;
    }

    private double RandomCut(ReadOnlySpan<int> sample, int technique)
    {
        var a = _rows[sample[_random.NextInt(sample.Length)]][technique];
        if (_isCategorical[technique]) return a;
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var i in sample)
        {
            low = Math.Min(low, _rows[i][technique]);
            high = Math.Max(high, _rows[i][technique]);
        }

        return low + ((high - low) * _random.NextDouble());
    }

    /// <summary>The sum of squares that is left within both sides; infinite where a side would be too small.</summary>
    private double SpreadAfter(ReadOnlySpan<int> sample, Node cut)
    {
        var (leftCount, leftSum, leftSquares) = (0, 0.0, 0.0);
        var (rightSum, rightSquares) = (0.0, 0.0);
        foreach (var i in sample)
        {
            var value = _values[i];
            if (GoesLeft(cut, _rows[i]))
            {
                leftCount++;
                leftSum += value;
                leftSquares += value * value;
            }
            else
            {
                rightSum += value;
                rightSquares += value * value;
            }
        }

        var rightCount = sample.Length - leftCount;
        return leftCount < _leastInLeaf || rightCount < _leastInLeaf
            ? double.PositiveInfinity
            : leftSquares - (leftSum * leftSum / leftCount) + rightSquares - (rightSum * rightSum / rightCount);
    }

    private int Divide(Span<int> sample, Node cut)
    {
        var left = 0;
        for (var i = 0; i < sample.Length; i++)
        {
            if (!GoesLeft(cut, _rows[sample[i]])) continue;
            (sample[left], sample[i]) = (sample[i], sample[left]);
            left++;
        }

        return left;
    }

    private bool GoesLeft(Node node, double[] row) => _isCategorical[node.Technique] ? row[node.Technique] == node.Cut : row[node.Technique] <= node.Cut;

    private (double Mean, double Variance) Moments(ReadOnlySpan<int> sample)
    {
        var sum = 0.0;
        foreach (var i in sample) sum += _values[i];
        var mean = sum / sample.Length;
        var squares = 0.0;
        foreach (var i in sample) squares += (_values[i] - mean) * (_values[i] - mean);
        return (mean, squares / sample.Length);
    }

    /// <summary>A node; a leaf has no technique (−1).</summary>
    private readonly record struct Node(int Technique, double Cut, int Left, int Right, double Mean, double Variance);
}

using System.Numerics.Tensors;

namespace Hive.Basins;

/// <summary>Chooses vectors that have many others near them.</summary>
internal static class Selection
{
    /// <summary>Krum's choice.</summary>
    /// <param name="rows">The vectors.</param>
    /// <param name="faults">f, how many may be hostile.</param>
    public static int Krum(IReadOnlyList<double[]> rows, int faults) => Repeated(rows, 1, faults)[0];

    /// <summary>Krum's choice, then Krum's among the others, and so on.</summary>
    /// <param name="rows">The vectors.</param>
    /// <param name="count">How many to choose.</param>
    /// <param name="faults">f, how many may be hostile.</param>
    public static List<int> Repeated(IReadOnlyList<double[]> rows, int count, int faults)
    {
        var (distances, neighbours) = Neighbours(rows);
        var left = new bool[rows.Count];
        Array.Fill(left, true);
        var chosen = new List<int>(count);
        while (chosen.Count < count)
        {
            var nearest = Math.Max(1, rows.Count - chosen.Count - faults - 2);
            var (best, least) = (-1, double.PositiveInfinity);
            for (var i = 0; i < left.Length; i++)
            {
                if (!left[i]) continue;
                var score = Score(distances[i], neighbours[i], left, i, nearest, least);
                if (best < 0 || score < least) (best, least) = (i, score);
            }

            left[best] = false;
            chosen.Add(best);
        }

        return chosen;
    }

    /// <summary>The sum of the squared distances to the nearest that are left, or whatever it was when it passed the least so far.</summary>
    private static double Score(double[] distances, int[] neighbours, bool[] left, int self, int nearest, double least)
    {
        double score = 0;
        for (var k = 0; k < distances.Length && nearest > 0 && score < least; k++)
        {
            if (!left[neighbours[k]] || neighbours[k] == self) continue;
            score += distances[k];
            nearest--;
        }

        return score;
    }

    private static (double[][] Distances, int[][] Neighbours) Neighbours(IReadOnlyList<double[]> rows)
    {
        var (distances, neighbours) = (new double[rows.Count][], new int[rows.Count][]);
        for (var i = 0; i < rows.Count; i++) (distances[i], neighbours[i]) = (new double[rows.Count], [.. Enumerable.Range(0, rows.Count)]);
        for (var i = 0; i < rows.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var distance = TensorPrimitives.Distance<double>(rows[i], rows[j]);
                distances[i][j] = distances[j][i] = distance * distance;
            }
        }

        for (var i = 0; i < rows.Count; i++) Array.Sort(distances[i], neighbours[i]);
        return (distances, neighbours);
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Hive.Evaluators.Builtin;

/// <summary>Circles in the unit square: the metric is the sum of their radii, to be maximised. A published problem: for 26 circles the best known sum is about 2.636.</summary>
/// <remarks>
/// The space is a vector of tuples [x, y, r]. The violation is the root of the sum of the squares of all distances by which a circle leaves the square or two circles
/// overlap, each less a tolerance of 1e-10 and counted from 0: its square is continuously differentiable, which descent likes.
/// </remarks>
public sealed class CirclePacking : IBuiltinEvaluator
{
    /// <summary>How far a circle may leave the square, or two may overlap, and still count as feasible.</summary>
    public const double Tolerance = 1e-10;

    /// <inheritdoc/>
    public (double Metric, double Violation) Measure(ReadOnlySpan<double> point)
    {
        var count = point.Length / 3;
        var padded = (count + 3) & ~3;
        Span<double> columns = padded <= 64 ? stackalloc double[3 * padded] : new double[3 * padded];
        var xs = columns[..padded];
        var ys = columns.Slice(padded, padded);
        var rs = columns[(2 * padded)..];
        double sum = 0, squares = 0;
        for (var i = 0; i < count; i++)
        {
            var (x, y, r) = (point[3 * i], point[(3 * i) + 1], point[(3 * i) + 2]);
            (xs[i], ys[i], rs[i]) = (x, y, r);
            sum += r;
            squares += Squared(r - x) + Squared(x + r - 1) + Squared(r - y) + Squared(y + r - 1);
        }

        // A circle far away and of no size touches none: the vectors may run past the end.
        for (var i = count; i < padded; i++)
        {
            (xs[i], ys[i], rs[i]) = (1e6, 1e6, 0);
        }

        squares += Overlaps(xs, ys, rs, count);
        return (sum, Math.Sqrt(squares));
    }

    private static double Overlaps(ReadOnlySpan<double> xs, ReadOnlySpan<double> ys, ReadOnlySpan<double> rs, int count)
    {
        double squares = 0;
        var lanes = Vector256.Create(0.0, 1, 2, 3);
        ref var x0 = ref MemoryMarshal.GetReference(xs);
        ref var y0 = ref MemoryMarshal.GetReference(ys);
        ref var r0 = ref MemoryMarshal.GetReference(rs);
        for (var i = 0; i < count; i++)
        {
            var (xi, yi, ri) = (Vector256.Create(xs[i]), Vector256.Create(ys[i]), Vector256.Create(rs[i]));
            var self = Vector256.Create((double)i);
            for (var j = (i + 1) & ~3; j < xs.Length; j += 4)
            {
                var dx = xi - Vector256.LoadUnsafe(ref x0, (nuint)j);
                var dy = yi - Vector256.LoadUnsafe(ref y0, (nuint)j);
                var reach = ri + Vector256.LoadUnsafe(ref r0, (nuint)j);
                var distance = (dx * dx) + (dy * dy);
                var touching = Vector256.LessThan(distance, reach * reach) & Vector256.GreaterThan(lanes + Vector256.Create((double)j), self);
                if (touching != Vector256<double>.Zero)
                {
                    var overlap = Vector256.Max(reach - Vector256.Sqrt(distance) - Vector256.Create(Tolerance), Vector256<double>.Zero);
                    squares += Vector256.Sum(Vector256.ConditionalSelect(touching, overlap * overlap, Vector256<double>.Zero));
                }
            }
        }

        return squares;
    }

    private static double Squared(double excess)
    {
        var beyond = Math.Max(excess - Tolerance, 0);
        return beyond * beyond;
    }
}

/// <summary>Draws an outcome of <see cref="CirclePacking"/>.</summary>
public static class CirclePackingSvg
{
    /// <summary>The picture of a point.</summary>
    /// <param name="point">x, y and r of each circle, side by side.</param>
    /// <returns>An SVG document, with y upwards.</returns>
    /// <exception cref="ArgumentException">The point's length is no multiple of 3.</exception>
    public static string Draw(ReadOnlySpan<double> point)
    {
        if (point.Length % 3 != 0)
        {
            throw new ArgumentException($"{point.Length} numbers are no triples of x, y and r", nameof(point));
        }

        var svg = new StringBuilder();
        svg.Append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"640\" height=\"640\" viewBox=\"-0.02 -0.02 1.04 1.04\">\n");
        svg.Append("  <rect width=\"1\" height=\"1\" fill=\"#fbfaf7\" stroke=\"#333\" stroke-width=\"0.004\"/>\n");
        for (var i = 0; i < point.Length; i += 3)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"  <circle cx=\"{point[i]:0.######}\" cy=\"{1 - point[i + 1]:0.######}\" r=\"{point[i + 2]:0.######}\" fill=\"hsl({360 * 4 * point[i + 2]:0},60%,70%)\" stroke=\"#333\" stroke-width=\"0.002\"/>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }
}

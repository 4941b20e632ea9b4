namespace Hive.Basins;

/// <summary>A point of the hyperbolic half-plane, or a tangent vector in the orthonormal frame (y·∂x, y·∂y) of its point.</summary>
/// <param name="X">Along the edge.</param>
/// <param name="Y">Away from the edge; of a point above 0.</param>
internal readonly record struct Planar(double X, double Y)
{
    public double Length => Math.Sqrt((X * X) + (Y * Y));

    public static Planar operator +(Planar one, Planar other) => new(one.X + other.X, one.Y + other.Y);

    public static Planar operator *(double factor, Planar vector) => new(factor * vector.X, factor * vector.Y);
}

/// <summary>
/// The hyperbolic half-plane, ds² = (dx² + dy²) / y², in closed form. Every map first moves its base to (0, 1) by the isometry (x, y) ↦ ((x − x₀) / y₀, y / y₀); there the
/// geodesic with unit tangent (a, b) is at (a·sinh s, 1) / (cosh s − b·sinh s).
/// </summary>
internal static class HalfPlane
{
    private const double Tolerance = 1e-13;
    private const int MaxIterations = 100;
    private const int MaxHalvings = 40;

    /// <summary>The distance, 2·arsinh(‖p − q‖ / (2·√(y_p·y_q))).</summary>
    public static double Distance(Planar p, Planar q)
    {
        var (x, y) = (q.X - p.X, q.Y - p.Y);
        return 2 * Math.Asinh(Math.Sqrt((x * x) + (y * y)) / (2 * Math.Sqrt(p.Y * q.Y)));
    }

    /// <summary>The tangent at <paramref name="p"/> that leads to <paramref name="q"/>: from (0, 1) to (x, y) its direction is (2x, x² + y² − 1).</summary>
    public static Planar Log(Planar p, Planar q)
    {
        var (x, above) = ((q.X - p.X) / p.Y, (q.Y - p.Y) / p.Y);
        var direction = new Planar(2 * x, (x * x) + (above * (above + 2)));
        return direction.Length == 0 ? default : (Distance(p, q) / direction.Length) * direction;
    }

    /// <summary>The point that a tangent at <paramref name="p"/> leads to.</summary>
    public static Planar Exp(Planar p, Planar tangent)
    {
        var length = tangent.Length;
        if (length == 0) return p;
        var (a, b) = (tangent.X / length, tangent.Y / length);

        // cosh s − b·sinh s = e^−s + (1 − b)·sinh s, and 1 − b = a² / (1 + b) does not cancel where b is near 1.
        var rise = b > 0 ? a * a / (1 + b) : 1 - b;
        var scale = 1 / (Math.Exp(-length) + (rise * Math.Sinh(length)));
        return new Planar(p.X + (p.Y * a * Math.Sinh(length) * scale), p.Y * scale);
    }

    /// <summary>Carries a tangent at <paramref name="p"/> in parallel along the geodesic to <paramref name="q"/>: in the frames of the half-plane this is a rotation.</summary>
    public static Planar Transport(Planar p, Planar q, Planar tangent)
    {
        var way = Log(p, q);
        var length = way.Length;
        if (length == 0) return tangent;

        // In Poincaré's disc around p parallel transport along a ray keeps directions; the Cayley map back turns them by −2·arg(1 − z).
        var radius = Math.Tanh(length / 2);
        var angle = -2 * Math.Atan2(radius * way.X / length, 1 - (radius * way.Y / length));
        var (sine, cosine) = Math.SinCos(angle);
        return new Planar((cosine * tangent.X) - (sine * tangent.Y), (sine * tangent.X) + (cosine * tangent.Y));
    }

    /// <summary>
    /// The weighted Fréchet mean, unique here, by Newton's method with halved steps where the full one would climb. The Hessian of half the squared distance is 1 along the
    /// geodesic and d·coth d across it.
    /// </summary>
    /// <param name="points">The points.</param>
    /// <param name="weights">One a point, none negative, of sum 1.</param>
    public static Planar Mean(ReadOnlySpan<Planar> points, ReadOnlySpan<double> weights)
    {
        var (mean, logarithm) = (default(Planar), 0.0);
        for (var i = 0; i < points.Length; i++)
        {
            mean += weights[i] * points[i];
            logarithm += weights[i] * Math.Log(points[i].Y);
        }

        mean = new Planar(mean.X, Math.Exp(logarithm));
        var cost = Cost(mean, points, weights);
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            var (step, gradient) = NewtonStep(mean, points, weights);
            var next = Exp(mean, step);
            var nextCost = Cost(next, points, weights);
            for (var halving = 0; nextCost > cost * (1 + Tolerance) && halving < MaxHalvings; halving++)
            {
                step = 0.5 * step;
                next = Exp(mean, step);
                nextCost = Cost(next, points, weights);
            }

            (mean, cost) = (next, nextCost);
            if (gradient.Length <= Tolerance) break;
        }

        return mean;
    }

    private static (Planar Step, Planar Gradient) NewtonStep(Planar mean, ReadOnlySpan<Planar> points, ReadOnlySpan<double> weights)
    {
        var gradient = default(Planar);
        double xx = 0, xy = 0, yy = 0;
        for (var i = 0; i < points.Length; i++)
        {
            var way = Log(mean, points[i]);
            var distance = way.Length;
            gradient += weights[i] * way;
            var across = distance < 1e-6 ? 1 : distance / Math.Tanh(distance);
            var (a, b) = distance == 0 ? (1.0, 0.0) : (way.X / distance, way.Y / distance);
            xx += weights[i] * ((a * a) + (across * b * b));
            yy += weights[i] * ((b * b) + (across * a * a));
            xy += weights[i] * a * b * (1 - across);
        }

        var determinant = (xx * yy) - (xy * xy);
        return (new Planar(((yy * gradient.X) - (xy * gradient.Y)) / determinant, ((xx * gradient.Y) - (xy * gradient.X)) / determinant), gradient);
    }

    private static double Cost(Planar mean, ReadOnlySpan<Planar> points, ReadOnlySpan<double> weights)
    {
        var cost = 0.0;
        for (var i = 0; i < points.Length; i++)
        {
            var distance = Distance(mean, points[i]);
            cost += weights[i] * distance * distance;
        }

        return cost;
    }
}

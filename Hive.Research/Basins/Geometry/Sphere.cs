using System.Numerics.Tensors;

namespace Hive.Basins;

/// <summary>The unit sphere in closed form; square roots of probabilities are points of it. Tangent vectors have the length of the angle they lead along.</summary>
internal static class Sphere
{
    /// <summary>The mean stops once its gradient, in radians, is this small.</summary>
    public const double Tolerance = 1e-12;

    private const int MaxIterations = 1_000;

    /// <summary>
    /// The angle between two unit vectors, 2·atan2(‖x − y‖, ‖x + y‖): exact to rounding for near and for opposite points, where the arc cosine loses half the digits
    /// (W. Kahan, "How futile are mindless assessments of roundoff", 2006).
    /// </summary>
    public static double Angle(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double apart = 0, together = 0;
        for (var i = 0; i < x.Length; i++)
        {
            var (difference, sum) = (x[i] - y[i], x[i] + y[i]);
            apart += difference * difference;
            together += sum * sum;
        }

        return 2 * Math.Atan2(Math.Sqrt(apart), Math.Sqrt(together));
    }

    /// <summary>The tangent at <paramref name="x"/> that leads to <paramref name="y"/>. To the opposite point every way is as short; one is chosen, always the same.</summary>
    public static void Log(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> tangent)
    {
        const double NoDirection = 1e-12;
        var angle = Angle(x, y);

        // y − ⟨x, y⟩·x without cancellation: 1 − ⟨x, y⟩ = ‖y − x‖² / 2.
        TensorPrimitives.Subtract(y, x, tangent);
        var fall = TensorPrimitives.SumOfSquares<double>(tangent) / 2;
        for (var i = 0; i < x.Length; i++) tangent[i] += fall * x[i];
        Project(x, tangent);
        var length = TensorPrimitives.Norm<double>(tangent);
        if (angle > 1 && length < NoDirection)
        {
            tangent.Clear();
            tangent[TensorPrimitives.IndexOfMinMagnitude(x)] = 1;
            Project(x, tangent);
            length = TensorPrimitives.Norm<double>(tangent);
        }

        if (length > 0) TensorPrimitives.Multiply(tangent, angle / length, tangent);
    }

    /// <summary>The point that a tangent at <paramref name="x"/> leads to.</summary>
    public static void Exp(ReadOnlySpan<double> x, ReadOnlySpan<double> tangent, Span<double> y)
    {
        var angle = TensorPrimitives.Norm(tangent);
        var along = angle == 0 ? 0 : Math.Sin(angle) / angle;
        var stay = Math.Cos(angle);
        for (var i = 0; i < x.Length; i++) y[i] = (stay * x[i]) + (along * tangent[i]);
        TensorPrimitives.Divide(y, TensorPrimitives.Norm<double>(y), y);
    }

    /// <summary>Carries a tangent at <paramref name="x"/> in parallel along the geodesic to <paramref name="y"/>.</summary>
    public static void Transport(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> tangent)
    {
        var direction = new double[x.Length];
        Log(x, y, direction);
        var angle = TensorPrimitives.Norm<double>(direction);
        if (angle == 0) return;
        TensorPrimitives.Divide(direction, angle, direction);
        var along = TensorPrimitives.Dot<double>(tangent, direction);
        var (sine, cosine) = Math.SinCos(angle);
        for (var i = 0; i < x.Length; i++) tangent[i] += along * (((cosine - 1) * direction[i]) - (sine * x[i]));
    }

    /// <summary>Leaves of a vector what is tangent at <paramref name="x"/>.</summary>
    public static void Project(ReadOnlySpan<double> x, Span<double> tangent)
    {
        var normal = TensorPrimitives.Dot(x, tangent);
        for (var i = 0; i < x.Length; i++) tangent[i] -= normal * x[i];
    }

    /// <summary>
    /// The weighted Fréchet mean (Karcher 1977): x ← exp(x, Σ wᵢ·log(x, yᵢ)) until the gradient vanishes. Half the squared angle has no curvature above 1 on the sphere, so the
    /// unit step never climbs; points of one orthant have one mean (Afsari 2011).
    /// </summary>
    /// <param name="points">Points of the orthant in which no coordinate is negative.</param>
    /// <param name="weights">One a point, none negative, of sum 1.</param>
    public static double[] Mean(ReadOnlySpan<double[]> points, ReadOnlySpan<double> weights)
    {
        var (mean, next) = (new double[points[0].Length], new double[points[0].Length]);
        for (var i = 0; i < points.Length; i++) TensorPrimitives.MultiplyAdd(points[i], weights[i], mean, mean);
        TensorPrimitives.Divide(mean, TensorPrimitives.Norm<double>(mean), mean);
        var (gradient, tangent) = (new double[mean.Length], new double[mean.Length]);
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            Array.Clear(gradient);
            for (var i = 0; i < points.Length; i++)
            {
                Log(mean, points[i], tangent);
                TensorPrimitives.MultiplyAdd(tangent, weights[i], gradient, gradient);
            }

            Exp(mean, gradient, next);
            (mean, next) = (next, mean);
            if (TensorPrimitives.Norm<double>(gradient) <= Tolerance) break;
        }

        return mean;
    }
}

namespace Hive.Evaluators.Builtin;

/// <summary>The metric is always 0: what is left is the cost of everything around an evaluation.</summary>
internal sealed class Noop : IBuiltinEvaluator
{
    /// <inheritdoc/>
    public (double Metric, double Violation) Measure(ReadOnlySpan<double> point) => (0, 0);
}

/// <summary>Σ xᵢ², the plainest bowl: minimum 0 at the origin (De Jong, 1975).</summary>
internal sealed class Sphere : IBuiltinEvaluator
{
    /// <inheritdoc/>
    public (double Metric, double Violation) Measure(ReadOnlySpan<double> point)
    {
        var sum = 0.0;
        foreach (var x in point)
        {
            sum += x * x;
        }

        return (sum, 0);
    }
}

/// <summary>Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)², a narrow bent valley: minimum 0 at (1, …, 1) (Rosenbrock, 1960).</summary>
internal sealed class Rosenbrock : IBuiltinEvaluator
{
    /// <inheritdoc/>
    public (double Metric, double Violation) Measure(ReadOnlySpan<double> point)
    {
        var sum = 0.0;
        for (var i = 0; i + 1 < point.Length; i++)
        {
            var bend = point[i + 1] - (point[i] * point[i]);
            var slope = 1 - point[i];
            sum += (100 * bend * bend) + (slope * slope);
        }

        return (sum, 0);
    }
}

/// <summary>10 n + Σ xᵢ² − 10 cos 2πxᵢ, a bowl with a regular grid of local minima: minimum 0 at the origin (Rastrigin, 1974).</summary>
internal sealed class Rastrigin : IBuiltinEvaluator
{
    /// <inheritdoc/>
    public (double Metric, double Violation) Measure(ReadOnlySpan<double> point)
    {
        var sum = 10.0 * point.Length;
        foreach (var x in point)
        {
            sum += (x * x) - (10 * Math.Cos(2 * Math.PI * x));
        }

        return (sum, 0);
    }
}

/// <summary>20 + e − 20 exp(−0.2 √(Σ xᵢ²/n)) − exp(Σ cos 2πxᵢ / n), almost flat far out: minimum 0 at the origin (Ackley, 1987).</summary>
internal sealed class Ackley : IBuiltinEvaluator
{
    /// <inheritdoc/>
    public (double Metric, double Violation) Measure(ReadOnlySpan<double> point)
    {
        double squares = 0, cosines = 0;
        foreach (var x in point)
        {
            squares += x * x;
            cosines += Math.Cos(2 * Math.PI * x);
        }

        var value = 20 + Math.E - (20 * Math.Exp(-0.2 * Math.Sqrt(squares / point.Length))) - Math.Exp(cosines / point.Length);
        return (value, 0);
    }
}

using Hive.Statistics;

namespace Hive.Research.Finance;

/// <summary>Decides on a day how money is divided, from nothing but the rows before it.</summary>
/// <param name="market">The prices.</param>
/// <param name="options">How.</param>
internal sealed class Weights(Market market, PortfolioOptions options)
{
    private const int Steps = 60;
    private const double DaysOfYear = 252;

    /// <summary>The share of money in each asset, before smoothing; 0 or more, cash the rest.</summary>
    /// <param name="row">The day of the decision; its prices are known.</param>
    /// <param name="month">The day's month, as an index into <see cref="Market.MonthStarts"/>.</param>
    public double[] At(int row, int month)
    {
        var returns = Returns(market.MonthStarts[month - options.RiskMonths], row);
        var momentum = Momentum(month);
        var count = Math.Max(1, (int)Math.Round(options.HeldShare * market.Assets.Length));
        int[] held = [.. Enumerable.Range(0, market.Assets.Length).OrderByDescending(asset => momentum[asset]).ThenBy(asset => asset).Take(count).Order()];
        var covariance = Covariance(returns, held);
        var parts = options.Weighting switch
        {
            Weighting.Equal => [.. held.Select(_ => 1.0)],
            Weighting.InverseVolatility => [.. held.Select((_, i) => 1 / Math.Sqrt(covariance[i, i]))],
            _ => Optimal(covariance, returns, held),
        };
        Project(parts, scaled: options.Weighting is Weighting.Equal or Weighting.InverseVolatility);
        var weights = new double[market.Assets.Length];
        for (var i = 0; i < held.Length; i++) weights[held[i]] = options.FiltersTrend && momentum[held[i]] < 0 ? 0 : parts[i];
        if (options.TargetsVolatility) Scale(weights, returns);
        return weights;
    }

    private double[][] Returns(int from, int to) =>
        [.. Enumerable.Range(from, to - from).Select(row => market.Prices[row].Zip(market.Prices[row + 1], (before, after) => (after / before) - 1).ToArray())];

    private double[] Momentum(int month)
    {
        var to = market.MonthStarts[month - options.MomentumSkip];
        var from = market.MonthStarts[month - options.MomentumSkip - options.MomentumMonths];
        return [.. market.Prices[to].Zip(market.Prices[from], (after, before) => (after / before) - 1)];
    }

    /// <summary>By day; the diagonal has a floor, so that a price which never moves does not divide by 0.</summary>
    private double[,] Covariance(double[][] returns, int[] held)
    {
        var means = held.Select(asset => Sample.Mean([.. returns.Select(day => day[asset])])).ToArray();
        var covariance = new double[held.Length, held.Length];
        for (var i = 0; i < held.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = 0.0;
                foreach (var day in returns) sum += (day[held[i]] - means[i]) * (day[held[j]] - means[j]);
                var value = sum / Math.Max(1, returns.Length - 1);
                covariance[i, j] = covariance[j, i] = i == j ? Math.Max(value, 1e-12) : (1 - options.CovarianceShrinkage) * value;
            }
        }

        return covariance;
    }

    /// <summary>Maximises μ·w − λ/2·w'Σw over the capped simplex by projected gradient steps.</summary>
    private double[] Optimal(double[,] covariance, double[][] returns, int[] held)
    {
        var means = new double[held.Length];
        if (options.Weighting == Weighting.MeanVariance)
        {
            for (var i = 0; i < held.Length; i++) means[i] = Sample.Mean([.. returns.Select(day => day[held[i]])]);
            var centre = Sample.Mean(means);
            for (var i = 0; i < held.Length; i++) means[i] += options.MeanShrinkage * (centre - means[i]);
        }

        var trace = Enumerable.Range(0, held.Length).Sum(i => covariance[i, i]);
        var weights = Enumerable.Repeat(1.0 / held.Length, held.Length).ToArray();
        var gradient = new double[held.Length];
        for (var step = 0; step < Steps; step++)
        {
            for (var i = 0; i < held.Length; i++)
            {
                gradient[i] = means[i] / options.RiskAversion;
                for (var j = 0; j < held.Length; j++) gradient[i] -= covariance[i, j] * weights[j];
            }

            // The trace bounds the largest eigenvalue, so the step is never too long.
            for (var i = 0; i < held.Length; i++) weights[i] += gradient[i] / trace;
            Project(weights, scaled: false);
        }

        return weights;
    }

    /// <summary>Moves parts to the nearest point with a sum of 1 and no part above the most, or, scaled, keeps their proportions where it can.</summary>
    private void Project(double[] parts, bool scaled)
    {
        var most = Math.Max(options.MostWeight, 1.0 / parts.Length);
        if (scaled)
        {
            var sum = parts.Sum();
            for (var i = 0; i < parts.Length; i++) parts[i] /= sum;
        }

        var (low, high) = (parts.Min() - 1, parts.Max());
        for (var step = 0; step < 50; step++)
        {
            var middle = (low + high) / 2;
            var sum = 0.0;
            foreach (var part in parts) sum += Math.Clamp(part - middle, 0, most);
            if (sum > 1) low = middle;
            else high = middle;
        }

        for (var i = 0; i < parts.Length; i++) parts[i] = Math.Clamp(parts[i] - high, 0, most);
    }

    private void Scale(double[] weights, double[][] returns)
    {
        var (squares, total, decay) = (0.0, 0.0, Math.Pow(0.5, 1 / options.HalfLifeDays));
        foreach (var day in returns)
        {
            var whole = 0.0;
            for (var i = 0; i < weights.Length; i++) whole += weights[i] * day[i];
            squares = (decay * squares) + (whole * whole);
            total = (decay * total) + 1;
        }

        if (squares == 0) return;
        var leverage = Math.Min(options.MostLeverage, options.Target / Math.Sqrt(squares / total * DaysOfYear));
        for (var i = 0; i < weights.Length; i++) weights[i] *= leverage;
    }
}

namespace Hive.Research.Finance;

/// <summary>Walks forward through time: each month the weights are decided from the past, paid for, and held until the next decision.</summary>
/// <param name="market">The prices.</param>
/// <param name="options">How money is divided.</param>
internal sealed class Backtest(Market market, PortfolioOptions options)
{
    /// <summary>What a trade costs, as a share of what is traded: 10 basis points.</summary>
    public const double Cost = 0.001;

    /// <summary>The most months that a decision looks back.</summary>
    public const int History = 24;

    /// <summary>The return of each month after costs.</summary>
    /// <param name="first">The first month, at least <see cref="History"/>.</param>
    /// <param name="count">How many months.</param>
    /// <param name="day">The trading day of a month on which weights are decided, from 0; a shorter month's last.</param>
    /// <param name="cancellation">Stops at once.</param>
    public double[] Run(int first, int count, int day, CancellationToken cancellation)
    {
        var weights = new Weights(market, options);
        var held = new double[market.Assets.Length];
        var returns = new double[count];
        for (var month = first; month < first + count; month++)
        {
            cancellation.ThrowIfCancellationRequested();
            var row = Day(month, day);
            var traded = Trade(held, weights.At(row, month));
            returns[month - first] = Hold(held, row, Day(month + 1, day)) - (Cost * traded);
        }

        return returns;
    }

    private int Day(int month, int day) => month + 1 < market.MonthStarts.Length
        ? Math.Min(market.MonthStarts[month] + day, market.MonthStarts[month + 1] - 1)
        : market.Dates.Length - 1;

    private double Trade(double[] held, double[] wanted)
    {
        var traded = 0.0;
        for (var i = 0; i < held.Length; i++)
        {
            var next = (options.Smoothing * held[i]) + ((1 - options.Smoothing) * wanted[i]);
            if (Math.Abs(next - held[i]) < options.NoTradeBand) continue;
            traded += Math.Abs(next - held[i]);
            held[i] = next;
        }

        return traded;
    }

    /// <summary>Prices move, and with them the weights.</summary>
    private double Hold(double[] held, int from, int to)
    {
        var gained = 0.0;
        for (var i = 0; i < held.Length; i++) gained += held[i] * ((market.Prices[to][i] / market.Prices[from][i]) - 1);
        for (var i = 0; i < held.Length; i++) held[i] *= market.Prices[to][i] / market.Prices[from][i] / Math.Max(1e-9, 1 + gained);
        return gained;
    }
}

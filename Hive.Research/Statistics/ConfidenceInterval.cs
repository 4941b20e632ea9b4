namespace Hive.Statistics;

/// <summary>An estimate and what it may be.</summary>
/// <param name="Estimate">The statistic of the sample.</param>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public readonly record struct ConfidenceInterval(double Estimate, double Low, double High);

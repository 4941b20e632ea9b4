using Hive.Evaluators;

namespace Hive.Explorers;

/// <summary>A measurement as explorers compare it, always to be minimised: feasible before infeasible, the former by cost, the latter by violation (Deb, 2000).</summary>
/// <param name="Cost">The metric, negated where it is maximised; infinite where the measurement failed.</param>
/// <param name="Violation">How far from feasible; infinite where the measurement failed.</param>
internal readonly record struct Score(double Cost, double Violation) : IComparable<Score>
{
    public static readonly Score Worst = new(double.PositiveInfinity, double.PositiveInfinity);

    public bool IsFeasible => Violation == 0;

    public bool IsFailed => double.IsPositiveInfinity(Violation);

    public static bool operator <(Score a, Score b) => a.Violation == b.Violation ? a.Cost < b.Cost : a.Violation < b.Violation;

    public static bool operator >(Score a, Score b) => b < a;

    public static bool operator <=(Score a, Score b) => !(b < a);

    public static bool operator >=(Score a, Score b) => !(a < b);

    /// <param name="measurement">The measurement.</param>
    /// <param name="sign">1 to minimise the metric, −1 to maximise it.</param>
    public static Score Of(in Measurement measurement, double sign) =>
        measurement.Failure is null && double.IsFinite(measurement.Metric) && measurement.Violation >= 0 && double.IsFinite(measurement.Violation)
            ? new Score(sign * measurement.Metric, measurement.Violation)
            : Worst;

    public int CompareTo(Score other) => this < other ? -1 : other < this ? 1 : 0;
}

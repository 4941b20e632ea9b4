namespace Hive.Explorers;

/// <summary>A cost that counts violations with a weight that rises while too few of a population are feasible and falls while most are, so that the search follows the border.</summary>
internal sealed class AdaptivePenalty
{
    private const double Growth = 1.3;

    private double _weight;

    /// <summary>Whether the last generation changed the weight, so that costs before and after do not compare.</summary>
    public bool HasChanged { get; private set; }

    public void Reset() => _weight = 0;

    public void Adapt(Batch batch)
    {
        HasChanged = false;
        int measured = 0, feasible = 0;
        for (var i = 0; i < batch.Size; i++)
        {
            measured += batch.ScoreAt(i).IsFailed ? 0 : 1;
            feasible += batch.ScoreAt(i).IsFeasible ? 1 : 0;
        }

        if (feasible == measured && _weight == 0)
        {
            return;
        }

        HasChanged = true;
        if (_weight == 0)
        {
            _weight = FirstWeight(batch);
        }
        else if (feasible < 0.2 * measured)
        {
            _weight = Math.Min(_weight * Growth, 1e300);
        }
        else if (feasible > 0.6 * measured)
        {
            _weight = Math.Max(_weight / Growth, 1e-300);
        }
    }

    public double Of(Score score) => score.IsFailed ? double.PositiveInfinity : score.IsFeasible ? score.Cost : score.Cost + (_weight * score.Violation);

    private static double FirstWeight(Batch batch)
    {
        var scores = Enumerable.Range(0, batch.Size).Select(i => batch.ScoreAt(i)).Where(score => !score.IsFailed).ToArray();
        var costs = scores.Select(score => score.Cost).Order().ToArray();
        var spread = costs[(int)(0.9 * costs.Length)] - costs[(int)(0.1 * costs.Length)];
        var violation = scores.Max(score => score.Violation);
        var weight = 2 * spread / violation;
        return double.IsFinite(weight) && weight > 0 ? weight : 1;
    }
}

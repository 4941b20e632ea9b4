namespace Hive.Cognition.Critics;

/// <summary>When a panel of critics has spoken.</summary>
/// <param name="Quorum">How many verdicts there must be, at least 1; whatever it is, no verdict decides alone.</param>
/// <param name="Threshold">The score from which a verdict counts for a candidate, and which the panel's score must reach; above 0, at most 1.</param>
/// <param name="MaxDisagreement">The greatest probability that the majority is wrong with which a panel may conclude; above 0, below 0.5.</param>
/// <param name="MostPerTier">How many critics of one tier are asked before the next tier is, or a person; at least 1.</param>
public sealed record PanelRules(int Quorum = 3, double Threshold = 0.6, double MaxDisagreement = 0.02, int MostPerTier = 9)
{
    /// <summary>Checks the rules.</summary>
    /// <exception cref="ArgumentException">One of them is out of its range.</exception>
    public void Validate()
    {
        if (Quorum < 1) throw new ArgumentException($"Quorum is {Quorum}; it must be at least 1.");
        if (!(Threshold is > 0 and <= 1)) throw new ArgumentException($"Threshold is {Threshold}; it must be above 0 and at most 1.");
        if (!(MaxDisagreement is > 0 and < 0.5)) throw new ArgumentException($"MaxDisagreement is {MaxDisagreement}; it must be above 0 and below 0.5.");
        if (MostPerTier < 1) throw new ArgumentException($"MostPerTier is {MostPerTier}; it must be at least 1.");
    }
}

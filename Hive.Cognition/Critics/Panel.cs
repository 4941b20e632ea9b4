namespace Hive.Cognition.Critics;

/// <summary>A verdict with the weight of who gave it.</summary>
/// <param name="Critic">The critic's name.</param>
/// <param name="Score">Its score, 0 to 1.</param>
/// <param name="Accuracy">The probability that the critic is right; what lies outside 0.55 to 0.99 counts as the nearer end.</param>
public sealed record WeighedVerdict(string Critic, double Score, double Accuracy);

/// <summary>What a panel says of a candidate.</summary>
/// <param name="Score">The weighted trimmed mean of the scores, 0 to 1; 0 without verdicts.</param>
/// <param name="Disagreement">The probability that the majority is wrong, 0 to 0.5.</param>
/// <param name="IsConclusive">Whether the panel has spoken; if not, more critics are to be asked, or a higher tier.</param>
/// <param name="IsAccepted">Whether it has spoken for the candidate.</param>
public sealed record PanelJudgement(double Score, double Disagreement, bool IsConclusive, bool IsAccepted);

/// <summary>
/// Judges by many critics. A verdict of a critic with accuracy a counts w = ln(a / (1 − a)) for the candidate where its score reaches the threshold, and against it otherwise:
/// for independent critics the sum Σ of these is the log-odds that the candidate is good, even odds given (Dawid and Skene 1979; Nitzan and Paroush 1982, who show that no other
/// rule errs less). The majority is wrong with probability 1 / (1 + e^|Σ|). Asking until that is small enough is Wald's sequential probability ratio test (1945).
/// The score is the mean of the scores with these weights, of which a fifth at either end is cut off (20 % trimming: Wilcox, <i>Introduction to Robust Estimation and Hypothesis
/// Testing</i>, section 3.3), so that a liar with less than a fifth of the weight cannot move it beyond what others said.
/// </summary>
public static class Panel
{
    private const double Trimmed = 0.2;

    /// <summary>Judges a candidate. The order of the verdicts does not matter. No verdict decides alone: where all but the heaviest of the majority would not carry it, the panel
    /// has not concluded, however weighty that one is.</summary>
    /// <param name="verdicts">The verdicts, one a critic, each given without knowledge of the others.</param>
    /// <param name="rules">When the panel has spoken.</param>
    /// <exception cref="ArgumentException">A score is not within 0 and 1, an accuracy is not a number, or the rules are out of their ranges.</exception>
    public static PanelJudgement Judge(IReadOnlyList<WeighedVerdict> verdicts, PanelRules rules)
    {
        rules.Validate();
        foreach (var verdict in verdicts)
        {
            if (!(verdict.Score is >= 0 and <= 1)) throw new ArgumentException($"The score of {verdict.Critic} is {verdict.Score}; it must be 0 to 1.", nameof(verdicts));
            if (double.IsNaN(verdict.Accuracy)) throw new ArgumentException($"The accuracy of {verdict.Critic} is not a number.", nameof(verdicts));
        }

        var weighed = verdicts.Select(verdict => (verdict.Score, Weight: LogOdds(verdict.Accuracy))).Order().ToArray();
        var sum = weighed.Sum(verdict => verdict.Score >= rules.Threshold ? verdict.Weight : -verdict.Weight);
        var heaviest = weighed.Where(verdict => (verdict.Score >= rules.Threshold) == (sum > 0)).Select(verdict => verdict.Weight).DefaultIfEmpty().Max();
        var disagreement = 1 / (1 + Math.Exp(Math.Abs(sum)));
        var isConclusive = verdicts.Count >= rules.Quorum && disagreement <= rules.MaxDisagreement && Math.Abs(sum) > heaviest;
        var score = TrimmedMean(weighed);
        return new(score, disagreement, isConclusive, isConclusive && sum > 0 && score >= rules.Threshold);
    }

    private static double LogOdds(double accuracy)
    {
        var bounded = Math.Clamp(accuracy, CriticReputation.LeastAccuracy, CriticReputation.GreatestAccuracy);
        return Math.Log(bounded / (1 - bounded));
    }

    /// <summary>The weighted mean of what lies between the quantiles 0.2 and 0.8 of the weight; a verdict across a quantile counts in part.</summary>
    private static double TrimmedMean((double Score, double Weight)[] ascending)
    {
        if (ascending.Length == 0) return 0;
        var total = ascending.Sum(verdict => verdict.Weight);
        var (from, to) = (Trimmed * total, (1 - Trimmed) * total);
        var (passed, excess) = (0.0, 0.0);
        // Summed as the excess over the lowest score, so that equal scores give exactly that score, and one at the threshold reaches it.
        var lowest = ascending[0].Score;
        foreach (var (score, weight) in ascending)
        {
            excess += (score - lowest) * Math.Max(0, Math.Min(passed + weight, to) - Math.Max(passed, from));
            passed += weight;
        }

        return Math.Min(lowest + (excess / (to - from)), ascending[^1].Score);
    }
}

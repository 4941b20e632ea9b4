namespace Hive.Cognition.Critics;

/// <summary>
/// How often each critic was right where facts came to light later. Accuracy is the mean of a Beta–Bernoulli posterior, (4 + agreed) / (5 + agreed + differed), whose prior
/// Beta(4, 1) trusts a stranger at 0.8; it is kept within 0.55 and 0.99, so that no record makes one critic outweigh every other, and a critic that is always
/// wrong cannot be read backwards. Source: Gelman et al., <i>Bayesian Data Analysis</i>, 3rd edition, section 2.4.
/// </summary>
public sealed class CriticReputation
{
    /// <summary>The least accuracy that a critic is taken to have.</summary>
    public const double LeastAccuracy = 0.55;

    /// <summary>The greatest accuracy that a critic is taken to have.</summary>
    public const double GreatestAccuracy = 0.99;

    /// <summary>The accuracy of a critic of whom nothing is known.</summary>
    public const double UsualAccuracy = PriorAgreed / (PriorAgreed + PriorDiffered);

    /// <summary>How many critics are remembered. Beyond that, the one of whom least is known is forgotten.</summary>
    public const int MostCritics = 1_024;

    private const double PriorAgreed = 4;
    private const double PriorDiffered = 1;

    private readonly SortedDictionary<string, (long Agreed, long Differed)> _counts = new(StringComparer.Ordinal);

    /// <summary>How often each critic agreed with what turned out, and how often it differed.</summary>
    public IReadOnlyDictionary<string, (long Agreed, long Differed)> Counts => _counts;

    /// <summary>The probability that a critic's next verdict is right, 0.55 to 0.99; 0.8 for one that is not known.</summary>
    /// <param name="critic">The critic's name.</param>
    public double Accuracy(string critic)
    {
        var (agreed, differed) = _counts.GetValueOrDefault(critic);
        return Math.Clamp((PriorAgreed + agreed) / (PriorAgreed + PriorDiffered + agreed + differed), LeastAccuracy, GreatestAccuracy);
    }

    /// <summary>Learns from a verdict whose truth came to light.</summary>
    /// <param name="critic">The critic's name.</param>
    /// <param name="agreed">Whether the verdict agreed with the fact.</param>
    public void Record(string critic, bool agreed)
    {
        var (right, wrong) = _counts.GetValueOrDefault(critic);
        if (!_counts.ContainsKey(critic)) MakeRoom();
        _counts[critic] = agreed ? (right + 1, wrong) : (right, wrong + 1);
    }

    /// <summary>Takes up what was known before, in place of what is known now.</summary>
    /// <param name="counts">The counts, as <see cref="Counts"/> gave them.</param>
    /// <exception cref="ArgumentException">A count is negative or beyond 10¹⁵, or there are more critics than are remembered; nothing was changed.</exception>
    public void Restore(IReadOnlyDictionary<string, (long Agreed, long Differed)> counts)
    {
        const long Most = 1_000_000_000_000_000;
        if (counts.Count > MostCritics) throw new ArgumentException($"There are {counts.Count} critics; at most {MostCritics} are remembered.", nameof(counts));
        foreach (var (critic, (agreed, differed)) in counts)
        {
            if (agreed is < 0 or > Most || differed is < 0 or > Most) throw new ArgumentException($"The counts of the critic '{critic}' must be 0 to {Most}.", nameof(counts));
        }

        var taken = counts.ToArray();
        _counts.Clear();
        foreach (var (critic, count) in taken) _counts.Add(critic, count);
    }

    private void MakeRoom()
    {
        if (_counts.Count < MostCritics) return;
        _counts.Remove(_counts.MinBy(pair => pair.Value.Agreed + pair.Value.Differed).Key);
    }
}

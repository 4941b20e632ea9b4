using MathNet.Numerics;

namespace Hive.Statistics;

/// <summary>
/// What is believed of somebody's word after some of it was checked: the posterior Beta(1 + kept, 1 + broken) of a Bernoulli rate that could have been anything (Jøsang and
/// Ismail, <i>The Beta Reputation System</i>, 2002).
/// </summary>
/// <param name="Kept">How often the word held, or the sum of such weights; 0 or more.</param>
/// <param name="Broken">How often it did not; 0 or more.</param>
public readonly record struct Reputation(double Kept, double Broken)
{
    /// <summary>The expected rate, between 0 and 1; a half where nothing is known.</summary>
    public double Mean => (1 + Kept) / (2 + Kept + Broken);

    /// <summary>The same after one more check.</summary>
    /// <param name="isKept">Whether the word held.</param>
    /// <param name="weight">How much the check counts, above 0.</param>
    public Reputation After(bool isKept, double weight = 1) => isKept ? this with { Kept = Kept + weight } : this with { Broken = Broken + weight };

    /// <summary>The rate that the true one exceeds with a probability: what to count on. It rises with evidence, so a stranger starts low.</summary>
    /// <param name="confidence">The probability, between 0 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public double LowerBound(double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(confidence, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        var (low, high) = (0.0, 1.0);
        while (high - low > 1e-12)
        {
            var middle = (low + high) / 2;
            if (SpecialFunctions.BetaRegularized(1 + Kept, 1 + Broken, middle) < 1 - confidence) low = middle;
            else high = middle;
        }

        return low;
    }
}

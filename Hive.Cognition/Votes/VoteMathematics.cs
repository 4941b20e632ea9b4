namespace Hive.Cognition.Votes;

/// <summary>
/// What first-to-ahead-by-k voting brings and costs, after Meyerson et al., <i>Solving a million-step LLM task with zero errors</i> (arXiv:2511.09030). A step is a
/// gambler's ruin: a walk that goes up with the probability of a right answer, and is decided when it has gone k up or k down. The formulas take all wrong answers for the same one,
/// which is the worst case; wrong answers that differ lose sooner.
/// </summary>
public static class VoteMathematics
{
    /// <summary>The largest lead that is ever asked for, unless a caller says otherwise.</summary>
    public const int LargestLead = 64;

    /// <summary>The probability that a step is decided rightly: 1/(1+((1−p)/p)^k).</summary>
    /// <param name="accuracy">p, the probability that one answer is right, 0 to 1.</param>
    /// <param name="lead">k, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public static double StepReliability(double accuracy, int lead)
    {
        Check(accuracy, lead);
        return 1 / (1 + Math.Exp(LogOdds(accuracy) * lead));
    }

    /// <summary>The probability that all steps of a chain are decided rightly: the step's, to the power of the steps; computed in logarithms, so that a billion steps lose no digits.</summary>
    /// <param name="accuracy">p, the probability that one answer is right, 0 to 1.</param>
    /// <param name="lead">k, at least 1.</param>
    /// <param name="steps">s, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public static double ChainReliability(double accuracy, int lead, long steps)
    {
        Check(accuracy, lead);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        return steps == 0 ? 1 : Math.Exp(steps * LogStepReliability(accuracy, lead));
    }

    /// <summary>The probability that some step of a chain is decided wrongly: 1 − <see cref="ChainReliability"/>, precise also where it is far smaller than 1.</summary>
    /// <param name="accuracy">p, the probability that one answer is right, 0 to 1.</param>
    /// <param name="lead">k, at least 1.</param>
    /// <param name="steps">s, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public static double ChainFailure(double accuracy, int lead, long steps)
    {
        Check(accuracy, lead);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        return steps == 0 ? 0 : -ExpM1(steps * LogStepReliability(accuracy, lead));
    }

    /// <summary>The smallest lead with which a chain is as reliable as it is asked to be.</summary>
    /// <param name="accuracy">p, the probability that one answer is right, 0 to 1.</param>
    /// <param name="steps">s, at least 0.</param>
    /// <param name="reliability">The probability asked for that all steps are right: more than 0, less than 1.</param>
    /// <param name="most">The largest lead to be considered, at least 1.</param>
    /// <returns>
    /// The lead; <paramref name="most"/> where none up to it suffices, as always where right answers are no majority (an accuracy up to 1/2). Whether it does suffice,
    /// <see cref="ChainFailure"/> tells.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public static int LeadFor(double accuracy, long steps, double reliability, int most = LargestLead)
    {
        Check(accuracy, most);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        if (reliability is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(reliability), reliability, "A reliability is more than 0 and less than 1.");
        }

        if (accuracy <= 0.5)
        {
            return most;
        }

        var lead = 1;
        while (lead < most && ChainFailure(accuracy, lead, steps) > 1 - reliability)
        {
            lead++;
        }

        return lead;
    }

    /// <summary>How many votes a step takes on average: k(2P−1)/(2p−1) with P of <see cref="StepReliability"/>, and k² where p is 1/2. Answers thrown away come on top.</summary>
    /// <param name="accuracy">p, the probability that one answer is right, 0 to 1.</param>
    /// <param name="lead">k, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public static double ExpectedVotes(double accuracy, int lead)
    {
        Check(accuracy, lead);

        // 2p − 1 = tanh(h) and 2P − 1 = tanh(kh) for h half the logarithm of the odds: no digits cancel near p = 1/2.
        var half = LogOdds(accuracy) / 2;
        return half == 0 ? (double)lead * lead : lead * Math.Tanh(lead * half) / Math.Tanh(half);
    }

    private static void Check(double accuracy, int lead)
    {
        if (accuracy is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(accuracy), accuracy, "An accuracy is a probability, 0 to 1.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(lead, 1);
    }

    /// <summary>The logarithm of (1−p)/p.</summary>
    private static double LogOdds(double accuracy) => LogP1(-accuracy) - Math.Log(accuracy);

    private static double LogStepReliability(double accuracy, int lead)
    {
        var exponent = LogOdds(accuracy) * lead;

        // Beyond this the 1 in ln(1 + e^x) is lost anyway, and e^x overflows soon after.
        return exponent > 40 ? -exponent : -LogP1(Math.Exp(exponent));
    }

    /// <summary>ln(1 + x) without loss near 0, by Kahan's correction; the runtime's own adds 1 first and loses the digits.</summary>
    private static double LogP1(double x)
    {
        var sum = 1 + x;
        return sum is 1 ? x : sum is 0 or double.PositiveInfinity ? Math.Log(sum) : Math.Log(sum) * (x / (sum - 1));
    }

    /// <summary>e^x − 1 for x up to 0, without loss near it, by Kahan's correction.</summary>
    private static double ExpM1(double x)
    {
        var power = Math.Exp(x);
        return power is 1 ? x : power < 0.5 ? power - 1 : (power - 1) * (x / Math.Log(power));
    }
}

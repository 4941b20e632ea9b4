namespace Hive.Cognition.Votes;

/// <summary>
/// How often one answer is right, as the steps decided so far show: a vote is taken for right when it agrees with its step's winner. Over all steps the share of such votes tends to the accuracy (by
/// Wald's identity, as long as winners are right), and k is chosen from a cautious lower bound of it. Not for use by several threads at once.
/// </summary>
public sealed class AccuracyEstimate
{
    /// <summary>From so many votes on, what was measured counts and what was assumed does not.</summary>
    public const int EnoughVotes = 30;

    /// <summary>Jeffreys's prior of a probability is Beta(1/2, 1/2).</summary>
    private const double Prior = 0.5;

    /// <summary>The bound is that below which the accuracy lies with this probability.</summary>
    private const double Doubt = 0.05;

    private readonly double _assumed;

    private double _bound;

    private long _boundVotes;

    private long _boundDissents = -1;

    /// <summary>An estimate without votes.</summary>
    /// <param name="assumed">The accuracy assumed as long as too little was measured, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is no probability.</exception>
    public AccuracyEstimate(double assumed)
    {
        if (assumed is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(assumed), assumed, "An accuracy is a probability, 0 to 1.");
        }

        _assumed = assumed;
    }

    /// <summary>The votes of decided steps; those thrown away are not among them.</summary>
    public long Votes { get; private set; }

    /// <summary>The votes that agreed with their step's winner.</summary>
    public long Agreeing { get; private set; }

    /// <summary>The mean of the posterior Beta(agreeing + 1/2, dissenting + 1/2).</summary>
    public double Mean => (Agreeing + Prior) / (Votes + (2 * Prior));

    /// <summary>
    /// The accuracy lies above it with a probability of 95 % or more, by the posterior. Computed anew whenever a vote dissented or the votes have grown by an eighth; in between, agreeing votes would
    /// only raise it.
    /// </summary>
    public double LowerBound
    {
        get
        {
            var dissents = Votes - Agreeing;
            if (dissents != _boundDissents || Votes - _boundVotes > _boundVotes / 8)
            {
                _bound = BetaDistribution.Quantile(Agreeing + Prior, dissents + Prior, Doubt);
                (_boundVotes, _boundDissents) = (Votes, dissents);
            }

            return _bound;
        }
    }

    /// <summary>What leads are chosen from: the lower bound, or what was assumed as long as there are fewer than <see cref="EnoughVotes"/>.</summary>
    public double Cautious => Votes < EnoughVotes ? _assumed : LowerBound;

    /// <summary>What the estimate would be with further votes.</summary>
    /// <param name="agreeing">How many agree with the leading answer of their step.</param>
    /// <param name="votes">How many there are; at least as many.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, or more agree than there are.</exception>
    public AccuracyEstimate With(int agreeing, int votes)
    {
        var estimate = new AccuracyEstimate(_assumed) { Agreeing = Agreeing, Votes = Votes };
        estimate.Add(agreeing, votes);
        return estimate;
    }

    /// <summary>Counts the votes of a decided step.</summary>
    /// <param name="agreeing">How many were for its winner.</param>
    /// <param name="votes">How many there were; at least as many.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, or more agreed than there were.</exception>
    public void Add(int agreeing, int votes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(agreeing);
        ArgumentOutOfRangeException.ThrowIfLessThan(votes, agreeing);
        Agreeing += agreeing;
        Votes += votes;
    }

    /// <summary>The lead for the next step, by <see cref="VoteMathematics.LeadFor"/> from <see cref="Cautious"/>.</summary>
    /// <param name="steps">How many steps the whole chain has, at least 0.</param>
    /// <param name="reliability">The probability asked for that all of them are right: more than 0, less than 1.</param>
    /// <param name="most">The largest lead, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public int LeadFor(long steps, double reliability, int most = VoteMathematics.LargestLead) =>
        VoteMathematics.LeadFor(Cautious, steps, reliability, most);
}

namespace Hive.Leaderboards;

/// <summary>How many experiments an agent has run in one epoch. It only ever grows: of two counts the greater is right.</summary>
public sealed record ExperimentCount
{
    /// <summary>The highest count: 10¹², so that sums do not overflow.</summary>
    public const long MaxExperiments = 1_000_000_000_000;

    /// <summary>A count.</summary>
    /// <param name="agent">The agent, by the rules of <see cref="Claim.MaxAgent"/>.</param>
    /// <param name="epoch">When the agent began to count from zero, such as the start of its campaign in milliseconds since 1970; 0 or more.</param>
    /// <param name="experiments">How many; 0 to <see cref="MaxExperiments"/>.</param>
    /// <exception cref="ArgumentException">A part breaks its rule; the message says which.</exception>
    public ExperimentCount(string agent, long epoch, long experiments)
    {
        (Agent, Epoch, Experiments) = (agent, epoch, experiments);
        if (ClaimRules.Mistake(this) is { } mistake)
        {
            throw new ArgumentException(mistake);
        }
    }

    /// <summary>The agent.</summary>
    public string Agent { get; }

    /// <summary>When the agent began to count from zero.</summary>
    public long Epoch { get; }

    /// <summary>How many experiments.</summary>
    public long Experiments { get; }
}

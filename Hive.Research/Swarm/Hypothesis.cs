using Hive.Research;

namespace Hive.Swarm;

/// <summary>What an agent will try next, and where the thought came from.</summary>
/// <param name="Configuration">What to try.</param>
/// <param name="Source">Where it came from.</param>
public sealed record Hypothesis(Configuration Configuration, HypothesisSource Source);

/// <summary>Where a hypothesis came from.</summary>
public enum HypothesisSource
{
    /// <summary>The plain textbook choice, measured once for everybody.</summary>
    Baseline,

    /// <summary>One of the best results known, with a few techniques changed.</summary>
    Leaderboard,

    /// <summary>Two good results, crossed.</summary>
    Peers,

    /// <summary>Drawn from the basin.</summary>
    Basin,

    /// <summary>Drawn evenly from the space.</summary>
    Exploration,
}

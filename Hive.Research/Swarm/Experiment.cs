using Hive.Research;

namespace Hive.Swarm;

/// <summary>One experiment of a campaign, from the thought to what became of its result.</summary>
public sealed class Experiment
{
    internal Experiment(int number, int agent, Hypothesis hypothesis, ulong seed, bool isSimulatedLie) =>
        (Number, Agent, Hypothesis, Seed, IsSimulatedLie) = (number, agent, hypothesis, seed, isSimulatedLie);

    /// <summary>Its place in the campaign, from 0.</summary>
    public int Number { get; }

    /// <summary>Whose it is, from 0.</summary>
    public int Agent { get; }

    /// <summary>What is tried.</summary>
    public Hypothesis Hypothesis { get; }

    /// <summary>What is tried.</summary>
    public Configuration Configuration => Hypothesis.Configuration;

    /// <summary>The seed it runs with.</summary>
    public ulong Seed { get; }

    /// <summary>Whether its result is one that a hostile agent of the simulation made up.</summary>
    public bool IsSimulatedLie { get; }

    /// <summary>What its agent says it gave; not a number before there is a result, and where it gave nothing.</summary>
    public double Value { get; internal set; } = double.NaN;

    /// <summary>The work that it cost.</summary>
    public long Work { get; internal set; }

    /// <summary>Why it gave nothing; null where it gave a value.</summary>
    public string? Failure { get; internal set; }

    /// <summary>What others make of the result.</summary>
    public Standing Standing { get; internal set; }

    /// <summary>Whether another agent ran it again as it was, before anybody built on it.</summary>
    public bool WasAudited { get; internal set; }
}

/// <summary>What others make of a result.</summary>
public enum Standing
{
    /// <summary>There is none yet, or none that anybody was told.</summary>
    Unknown,

    /// <summary>It gave no value.</summary>
    Failed,

    /// <summary>It would be the best, and is run again before anybody builds on it.</summary>
    UnderAudit,

    /// <summary>It is believed.</summary>
    Believed,

    /// <summary>Others replicated it with other seeds on data held back.</summary>
    Replicated,

    /// <summary>It did not replicate; it ranks no more.</summary>
    NotReplicated,

    /// <summary>Run again as it was, it gave something else, or its author had lost all trust; nobody builds on it.</summary>
    Struck,
}

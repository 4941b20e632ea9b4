namespace Hive.Swarm;

/// <summary>All that decides a campaign besides its domain: the same specification on the same domain gives the same campaign, result for result, on any number of cores and silos.</summary>
public sealed record CampaignSpec
{
    /// <summary>The most agents of a campaign.</summary>
    public const int MaxAgents = 10_000;

    /// <summary>The most experiments of a campaign.</summary>
    public const int MaxExperiments = 1_000_000;

    /// <summary>The widest window.</summary>
    public const int MaxWindow = 4_096;

    /// <summary>How many agents take part, 1 to <see cref="MaxAgents"/>; experiment k belongs to agent k mod this.</summary>
    public int Agents { get; init; } = 35;

    /// <summary>How many experiments they run together, 1 to <see cref="MaxExperiments"/>.</summary>
    public int Experiments { get; init; } = 333;

    /// <summary>Decides every random choice.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// How far thinking runs ahead of results: experiment k is thought of when experiments 0 … k − window are known, so at most this many run at once. It is a part of the
    /// campaign and not of the machine, so that any machine gives the same results; 1 to <see cref="MaxWindow"/>.
    /// </summary>
    public int Window { get; init; } = 8;

    /// <summary>Whether each agent sees its own results alone, and the baseline's. Nobody reviews then.</summary>
    public bool IsIsolated { get; init; }

    /// <summary>The share of agents that lie, a labelled simulation; 0 to 0.5.</summary>
    public double Hostile { get; init; }

    /// <summary>Whether the hostile agents keep still instead: the campaign that lies are measured against.</summary>
    public bool IsHostileSilent { get; init; }

    /// <summary>Whether findings are checked, claims replicated and deltas refused without evidence.</summary>
    public bool HasDefences { get; init; } = true;

    /// <summary>How many agents, counted from the last, are hostile.</summary>
    public int HostileAgents => (int)Math.Round(Hostile * Agents);

    /// <summary>Checks the specification.</summary>
    /// <exception cref="ArgumentException">A member is out of range; the message says which and what it may be.</exception>
    public void Validate()
    {
        Require(Agents is >= 1 and <= MaxAgents, $"a campaign has 1 to {MaxAgents:N0} agents, not {Agents:N0}");
        Require(Experiments is >= 1 and <= MaxExperiments, $"a campaign has 1 to {MaxExperiments:N0} experiments, not {Experiments:N0}");
        Require(Window is >= 1 and <= MaxWindow, $"a window is 1 to {MaxWindow:N0} experiments wide, not {Window:N0}");
        Require(Hostile is >= 0 and <= 0.5, $"a share of hostile agents lies between 0 and 0.5; it is not {Hostile}");
        Require(!IsIsolated || Hostile == 0, "isolated agents hear nobody, so hostile ones cannot be tried on them");
    }

    /// <summary>Whether an agent is one of the hostile ones.</summary>
    /// <param name="agent">The agent's number, from 0.</param>
    public bool IsHostile(int agent) => agent >= Agents - HostileAgents;

    private static void Require(bool holds, string message)
    {
        if (!holds) throw new ArgumentException(message);
    }
}

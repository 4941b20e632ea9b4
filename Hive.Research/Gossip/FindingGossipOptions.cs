using Hive.Leaderboards;

namespace Hive.Gossip;

/// <summary>The bounds of what is heard.</summary>
public sealed record FindingGossipOptions
{
    /// <summary>How many findings a second of one agent are heard in the long run; above 0.</summary>
    public double PerSecond { get; init; } = 10;

    /// <summary>How many of one agent are heard at once; at least 1.</summary>
    public int Burst { get; init; } = 50;

    /// <summary>How many agents' rates are kept at once; at least 1.</summary>
    public int Agents { get; init; } = 16_384;

    /// <summary>How many findings are remembered, to tell repetitions; at least 1.</summary>
    public int Remembered { get; init; } = 65_536;

    /// <summary>The trust below which an agent is not heard: three more broken words than kept ones bring a stranger below it.</summary>
    public double TrustFloor { get; init; } = 0.25;

    /// <summary>Why a claim cannot be, such as a configuration that is no point of the domain's space; null where it can. Null to let any pass.</summary>
    public Func<Claim, string?>? Mistake { get; init; }

    /// <summary>How findings are signed; null where everyone on the bus is trusted to speak in their own name.</summary>
    public IFindingSignature? Signature { get; init; }
}

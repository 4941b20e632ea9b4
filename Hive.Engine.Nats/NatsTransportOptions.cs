namespace Hive.Engine.Nats;

/// <summary>How the silos of a process join those of others over NATS.</summary>
public sealed record NatsTransportOptions
{
    /// <summary>The cluster: a word of letters, digits, <c>-</c> and <c>_</c>. Clusters of different names share a server without meeting.</summary>
    public string Cluster { get; init; } = "hive";

    /// <summary>The NATS user, as a word of subjects: a silo is called at <c>hive.CLUSTER.silo.USER.…</c>, which the server lets that user alone subscribe to.</summary>
    public string Participant { get; init; } = "admin";

    /// <summary>Whether a hub of this process may act at this moment. One that may not neither sends nor answers; null where its authority never ends.</summary>
    public Func<bool>? MayAct { get; init; }

    /// <summary>Which of two hubs of a cluster is the later one: the number of its lease.</summary>
    public long Rank { get; init; }

    /// <summary>How often a silo says that it is here; a second.</summary>
    public TimeSpan HeartbeatPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After how long without a word a silo is gone; 2.5 s.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>How long a start waits for the hub's answer; 5 s. Without one the silo starts all the same and goes on asking.</summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The largest message, in bytes; larger than the server carries, it travels in parts. 64 MiB.</summary>
    public int MaxMessageBytes { get; init; } = 64 << 20;

    /// <summary>The most silos that one process knows; 10,000.</summary>
    public int MaxSilos { get; init; } = 10_000;

    /// <summary>The most calls from others that run here at once; beyond it they are refused. 65,536.</summary>
    public int MaxReceivedCalls { get; init; } = 65_536;

    /// <summary>The version of what silos say to one another. Two that differ refuse each other.</summary>
    internal int Version { get; init; } = 1;
}

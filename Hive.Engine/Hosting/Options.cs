namespace Orleans.Configuration;

/// <summary>Which cluster this is.</summary>
public class ClusterOptions
{
    /// <summary>What <see cref="ClusterId"/> is unless set.</summary>
    public const string DefaultClusterId = "default";

    /// <summary>What <see cref="ServiceId"/> is unless set.</summary>
    public const string DefaultServiceId = "default";

    /// <summary>The cluster; silos and clients of one cluster meet.</summary>
    public string ClusterId { get; set; } = DefaultClusterId;

    /// <summary>The service, which outlives its clusters.</summary>
    public string ServiceId { get; set; } = DefaultServiceId;
}

/// <summary>Which silo this is.</summary>
public class SiloOptions
{
    /// <summary>The silo's name; made up where null.</summary>
    public string? SiloName { get; set; }
}

/// <summary>How calls are treated.</summary>
public abstract class MessagingOptions
{
    private protected MessagingOptions()
    {
    }

    /// <summary>How long a caller waits. A call that takes longer fails with <see cref="TimeoutException"/>; half a minute unless set.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a callee's token is cancelled when its caller has stopped waiting.</summary>
    public bool CancelRequestOnTimeout { get; set; } = true;
}

/// <summary>How calls from grains are treated.</summary>
public class SiloMessagingOptions : MessagingOptions
{
    /// <summary>
    /// How many calls may wait for one activation; one more is refused with <see cref="Orleans.Runtime.LimitExceededException"/>. A million unless set; 0: no limit.
    /// </summary>
    public int MaxEnqueuedRequestsHardLimit { get; set; } = 1_000_000;
}

/// <summary>How calls from clients are treated.</summary>
public class ClientMessagingOptions : MessagingOptions;

/// <summary>When idle grains are collected.</summary>
public class GrainCollectionOptions
{
    /// <summary>For how long nobody must have called; 15 minutes unless set.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often to look; a minute unless set. The engine looks at most this seldom, and oftener where the age is shorter.</summary>
    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long activation may take; half a minute unless set.</summary>
    public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long deactivation may take; half a minute unless set.</summary>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

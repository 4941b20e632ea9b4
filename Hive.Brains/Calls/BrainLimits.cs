namespace Hive.Brains.Calls;

/// <summary>The bounds of calls that are the same for all brains.</summary>
internal sealed record BrainLimits
{
    /// <summary>How long a call waits in all for a server that says when to come again.</summary>
    public TimeSpan MaxBusyWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many calls wait for a place at one brain.</summary>
    public int MaxWaiting { get; init; } = 100_000;

    /// <summary>How long a connection may take to be made, TLS included. By the system's clock: it is below HTTP.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest answer, in bytes.</summary>
    public int MaxAnswerBytes { get; init; } = 16 << 20;

    /// <summary>How many failures in a row shut a brain off.</summary>
    public int BreakerThreshold { get; init; } = 8;

    /// <summary>How long a brain is shut off at first.</summary>
    public TimeSpan BreakerPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a brain is shut off at most.</summary>
    public TimeSpan LongestBreakerPause { get; init; } = TimeSpan.FromSeconds(60);
}

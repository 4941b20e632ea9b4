namespace Hive.Brains.Scripted;

/// <summary>Where a scripted server listens, and what it keeps.</summary>
public sealed record ScriptedServerOptions
{
    /// <summary>The port on loopback; 0 takes one that is free.</summary>
    public int Port { get; init; }

    /// <summary>A file that every bill is appended to, a line of JSON each; null keeps none.</summary>
    public string? LedgerFile { get; init; }

    /// <summary>What latency is counted by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

namespace Hive.Archive;

/// <summary>How the archive is written.</summary>
public sealed record ArchiveOptions
{
    /// <summary>The git to run: a name found by the path, or a file.</summary>
    public string Git { get; init; } = "git";

    /// <summary>After how many commits they are made safe.</summary>
    public int CommitsPerCheckpoint { get; init; } = 64;

    /// <summary>How long commits wait at most until they are made safe.</summary>
    public TimeSpan CheckpointPeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long git may take for one step before the archive is given up.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many commits wait to be written before who adds more has to wait.</summary>
    public int Queue { get; init; } = 1_024;

    /// <summary>The clock of the periods; what is committed bears the times that it was added with.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

namespace Hive.Wasm;

/// <summary>
/// What a WASI preview 1 program is given. Without further words it is deterministic: a virtual clock that moves only when
/// read, seeded randomness, no files, no standard input, and output kept in memory up to a bound. There are no sockets and
/// the real file system cannot be reached.
/// </summary>
public sealed record WasiConfiguration
{
    /// <summary>Arguments; by custom the first is the program's name.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Standard input; empty when null. A stream that blocks blocks the guest.</summary>
    public Stream? StandardInput { get; init; }

    /// <summary>The most bytes kept of standard output, and of standard error; a write beyond fails with <c>ENOSPC</c>.</summary>
    public int MaxOutputBytes { get; init; } = 16 << 20;

    /// <summary>Where the real-time clock starts, in nanoseconds since 1970.</summary>
    public ulong ClockStart { get; init; } = 1_600_000_000_000_000_000;

    /// <summary>How far each reading moves the clocks, in nanoseconds.</summary>
    public ulong ClockStep { get; init; } = 1_000_000;

    /// <summary>Seed of the randomness.</summary>
    public ulong RandomSeed { get; init; }

    /// <summary>Read-only files: absolute path, with <c>/</c> between parts, to content. The root directory is pre-opened.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Files { get; init; } = new Dictionary<string, ReadOnlyMemory<byte>>();

    /// <summary>The most files a program may have open at once, standard streams included.</summary>
    public int MaxOpenFiles { get; init; } = 256;
}

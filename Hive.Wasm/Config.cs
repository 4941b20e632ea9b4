namespace Hive.Wasm;

/// <summary>
/// What an <see cref="Engine"/> meters and what it refuses. Every limit holds before memory is spent on what it limits,
/// so a hostile module costs its author's bytes and no more.
/// </summary>
public sealed record Config
{
    /// <summary>Whether guest code is metered. A store of a metered engine starts with no fuel; see <see cref="Store.Fuel"/>.</summary>
    public bool ConsumeFuel { get; init; }

    /// <summary>The largest linear memory, in bytes. Growing beyond it fails as <c>memory.grow</c> fails; asking for more at the start is a <see cref="LinkException"/>.</summary>
    public long MaxMemoryBytes { get; init; } = 1L << 30;

    /// <summary>How many linear memories one module may have.</summary>
    public int MaxMemories { get; init; } = 100;

    /// <summary>
    /// The deepest guest stack, in bytes of guest frames: a call costs 64 plus 8 for each parameter and local. Deeper is the trap
    /// <see cref="TrapCode.StackOverflow"/>, at the same call on every machine whose threads have that much stack.
    /// </summary>
    public int MaxStackDepth { get; init; } = 512 * 1024;

    /// <summary>The largest table, in elements.</summary>
    public int MaxTableElements { get; init; } = 1_000_000;

    /// <summary>How many tables one module may have.</summary>
    public int MaxTables { get; init; } = 100;

    /// <summary>The largest binary module, in bytes.</summary>
    public int MaxModuleBytes { get; init; } = 64 << 20;

    /// <summary>The most entries in one section: types, functions, globals, segments, imports, exports.</summary>
    public int MaxEntries { get; init; } = 1_000_000;

    /// <summary>The most parameters, and the most results, of one type.</summary>
    public int MaxParameters { get; init; } = 1000;

    /// <summary>The most locals of one function, parameters included.</summary>
    public int MaxLocals { get; init; } = 50_000;

    /// <summary>The largest body of one function, in bytes. It bounds the time of one compilation.</summary>
    public int MaxFunctionBytes { get; init; } = 256 * 1024;

    /// <summary>The most labels of one <c>br_table</c>.</summary>
    public int MaxBranchTableLabels { get; init; } = 65_520;

    /// <summary>The deepest nesting of blocks in one function.</summary>
    public int MaxNesting { get; init; } = 10_000;

    /// <summary>The most operands on a function's stack at once, and the most values that its open blocks take and leave together.</summary>
    public int MaxOperands { get; init; } = 16_384;

    /// <summary>Whether <c>return_call</c> and its kin are accepted.</summary>
    public bool TailCalls { get; init; } = true;

    /// <summary>Whether tags, <c>throw</c> and <c>try_table</c> are accepted.</summary>
    public bool Exceptions { get; init; } = true;

    /// <summary>Whether 128-bit vectors are accepted.</summary>
    public bool Simd { get; init; } = true;

    internal void Validate()
    {
        Require(MaxMemoryBytes is >= 0 and <= 1L << 32, nameof(MaxMemoryBytes), "between 0 and 4 GiB");
        Require(MaxStackDepth is >= 4096 and <= 1 << 30, nameof(MaxStackDepth), "between 4 KiB and 1 GiB");
        Require(MaxTableElements is >= 0 and <= 100_000_000, nameof(MaxTableElements), "between 0 and 100,000,000");
        Require(MaxParameters is >= 0 and <= 1000, nameof(MaxParameters), "between 0 and 1,000");
        Require(MaxLocals is >= 0 and <= 50_000, nameof(MaxLocals), "between 0 and 50,000");
        Require(MaxModuleBytes > 0, nameof(MaxModuleBytes), "positive");
        Require(MaxFunctionBytes is > 0 and <= 16 << 20, nameof(MaxFunctionBytes), "between 1 byte and 16 MiB");
        Require(MaxOperands is >= 64 and <= 30_000, nameof(MaxOperands), "between 64 and 30,000");
        Require(MaxNesting is >= 0 and <= 100_000, nameof(MaxNesting), "between 0 and 100,000");
        Require(MaxBranchTableLabels is >= 0 and <= 1_000_000, nameof(MaxBranchTableLabels), "between 0 and 1,000,000");
        Require(MaxEntries >= 0, nameof(MaxEntries), "not negative");
        Require(MaxMemories >= 0, nameof(MaxMemories), "not negative");
        Require(MaxTables >= 0, nameof(MaxTables), "not negative");
    }

    private static void Require(bool holds, string name, string rule)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name, $"{name} must be {rule}.");
    }
}

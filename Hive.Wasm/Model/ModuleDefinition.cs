namespace Hive.Wasm;

/// <summary>A decoded module: what its sections say, with types resolved. Index spaces hold imports first.</summary>
internal sealed class ModuleDefinition
{
    public required byte[] Bytes { get; init; }

    /// <summary>Reads the types that instructions name.</summary>
    public required TypeDecoder TypeDecoder { get; init; }
    public FunctionType[] Types { get; set; } = [];
    public List<ImportDefinition> Imports { get; } = [];

    /// <summary>Type of every function; the first <see cref="ImportedFunctions"/> are imported.</summary>
    public List<FunctionType> Functions { get; } = [];
    public List<TableType> Tables { get; } = [];
    public List<MemoryType> Memories { get; } = [];
    public List<GlobalType> Globals { get; } = [];
    public List<FunctionType> Tags { get; } = [];
    public int ImportedFunctions { get; set; }
    public int ImportedTables { get; set; }
    public int ImportedMemories { get; set; }
    public int ImportedGlobals { get; set; }
    public int ImportedTags { get; set; }

    /// <summary>First values of the tables this module defines; null where elements start as null.</summary>
    public List<ConstantExpression?> TableInitializers { get; } = [];

    /// <summary>First values of the globals this module defines.</summary>
    public List<ConstantExpression> GlobalInitializers { get; } = [];
    public List<ExportDefinition> Exports { get; } = [];
    public int StartFunction { get; set; } = -1;
    public List<ElementSegment> Elements { get; } = [];
    public List<DataSegment> Data { get; } = [];

    /// <summary>Number of data segments announced before the code, or −1.</summary>
    public int DataCount { get; set; } = -1;

    /// <summary>Bodies of the functions this module defines.</summary>
    public FunctionBody[] Bodies { get; set; } = [];

    /// <summary>Functions that may be referred to by <c>ref.func</c>.</summary>
    public HashSet<int> DeclaredFunctions { get; } = [];

    /// <summary>Where the name section's content lies; names are read when first asked for.</summary>
    public Range NameSection { get; set; }
}

internal enum ExternalKind : byte
{
    Function,
    Table,
    Memory,
    Global,
    Tag,
}

internal sealed record ImportDefinition(string Module, string Name, ExternalKind Kind, int Index);

internal sealed record ExportDefinition(string Name, ExternalKind Kind, int Index);

/// <summary>A constant expression: its instructions, the final <c>end</c> included, between two offsets.</summary>
internal readonly record struct ConstantExpression(int Start, int End);

internal enum SegmentMode : byte
{
    Active,
    Passive,
    Declarative,
}

/// <summary>References to put into tables: by function index, or by expression.</summary>
internal sealed record ElementSegment(
    SegmentMode Mode, int Table, ConstantExpression Offset, ValueType Type, int[]? Functions, ConstantExpression[]? Expressions, int Position)
{
    public int Count => Functions?.Length ?? Expressions!.Length;
}

/// <summary>Bytes to put into memories.</summary>
internal sealed record DataSegment(SegmentMode Mode, int Memory, ConstantExpression Offset, int Start, int Length, int Position);

/// <summary>One function's code: locals beside the parameters, and where its instructions lie, the final <c>end</c> included.</summary>
internal sealed class FunctionBody(LocalRun[] locals, int localCount, int start, int end)
{
    public LocalRun[] Locals { get; } = locals;

    /// <summary>Number of locals, parameters included.</summary>
    public int LocalCount { get; } = localCount;
    public int Start { get; } = start;
    public int End { get; } = end;

    /// <summary>What the validator found out for the compiler.</summary>
    public FunctionFacts? Facts { get; set; }
}

/// <summary>A number of locals of one type.</summary>
internal readonly record struct LocalRun(int Count, ValueType Type);

/// <summary>What one pass over a body tells about it.</summary>
/// <param name="HasCalls">Whether it calls or throws.</param>
/// <param name="HasLoops">Whether it loops.</param>
/// <param name="HasMemory">Whether it loads or stores.</param>
/// <param name="HasFloatArithmetic">Whether it computes floats.</param>
/// <param name="FrameBytes">A bound of what operands and vectors may take in its frame.</param>
internal sealed record FunctionFacts(bool HasCalls, bool HasLoops, bool HasMemory, bool HasFloatArithmetic, int FrameBytes)
{
    /// <summary>The JIT may give each vector that an instruction makes a place in the frame: measured, 18 bytes an instruction, 34 a shuffle, 33 a minimum of floats.</summary>
    public const int BytesPerVector = 20;

    /// <inheritdoc cref="BytesPerVector"/>
    public const int BytesPerShuffle = 40;

    /// <summary>Bytes that an operand takes at most.</summary>
    public const int BytesPerOperand = 16;

    private const int LargestFrame = 24 * 1024;

    /// <summary>Whether the frame may be larger than what is always left on a thread's stack.</summary>
    public bool MayHaveLargeFrame => FrameBytes > LargestFrame;
}

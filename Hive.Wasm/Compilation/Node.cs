using System.Runtime.Intrinsics;

namespace Hive.Wasm;

internal enum NodeOp : byte
{
    Constant,
    Local,
    Temporary,
    Apply,
}

/// <summary>
/// What is known about NaNs in a value. WebAssembly leaves the bits of an arithmetic NaN open; here they must not depend on the
/// machine, so such a value is made canonical, but only where its bits can be seen.
/// </summary>
internal enum NanState : byte
{
    /// <summary>Bits are to be kept: the value came from memory, a call or a reinterpretation.</summary>
    Exact,

    /// <summary>No NaN, or a canonical one.</summary>
    Free,

    /// <summary>An arithmetic f32 whose NaN has arbitrary bits.</summary>
    F32,

    /// <summary>An arithmetic f64 whose NaN has arbitrary bits.</summary>
    F64,

    /// <summary>Arithmetic f32 lanes whose NaNs have arbitrary bits.</summary>
    F32x4,

    /// <summary>Arithmetic f64 lanes whose NaNs have arbitrary bits.</summary>
    F64x2,
}

/// <summary>
/// An operand that is not computed yet: a tree without side effects, traps or branches, so that it may be emitted later,
/// once, as long as the locals it reads keep their values.
/// </summary>
internal sealed class Node
{
    /// <summary>Higher trees are computed into temporaries, which bounds recursion here and in the JIT.</summary>
    public const int MaxHeight = 24;

    public required NodeOp Op { get; init; }
    public required ValueKind Kind { get; init; }
    public NanState Nan { get; init; } = NanState.Free;

    /// <summary>The local whose NaNs this value inherits, or −1; used while NaN flow is being found out.</summary>
    public int NanSource { get; init; } = -1;

    /// <summary>Local or temporary.</summary>
    public int Index { get; init; }
    public Temporary? Temporary { get; init; }
    public Vector128<ulong> Bits { get; init; }
    public Lowering? Lowering { get; init; }
    public Node? A { get; init; }
    public Node? B { get; init; }
    public Node? C { get; init; }
    public int Height { get; init; }

    public bool IsConstant => Op == NodeOp.Constant;

    public bool IsDirty => Nan >= NanState.F32;

    /// <summary>Whether the value stays the same whatever happens to locals.</summary>
    public bool IsStable => Op is NodeOp.Constant or NodeOp.Temporary;

    public bool Reads(int local) =>
        Op == NodeOp.Local ? Index == local : Op == NodeOp.Apply && ((A?.Reads(local) ?? false) || (B?.Reads(local) ?? false) || (C?.Reads(local) ?? false));

    public static Node Int32(int value) => new() { Op = NodeOp.Constant, Kind = ValueKind.I32, Bits = Vector128.CreateScalar((ulong)(uint)value) };

    public static Node Constant(ValueKind kind, Vector128<ulong> bits, NanState nan = NanState.Free) =>
        new() { Op = NodeOp.Constant, Kind = kind, Bits = bits, Nan = nan };
}

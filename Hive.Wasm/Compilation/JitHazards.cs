using System.Reflection.Emit;

namespace Hive.Wasm;

/// <summary>What an instruction has to do with the faults of the JIT that <see cref="FunctionCompiler"/> steers around.</summary>
internal enum JitHazard : byte
{
    None,

    /// <summary>The JIT takes the flags for set by the result, which they are not.</summary>
    StaleFlags,
    ShiftLeft,
    ShiftRight,

    /// <summary><c>or</c> and <c>xor</c>: the JIT may make a rotation of one with two shifts as operands.</summary>
    Combination,

    /// <summary>The JIT takes a way of its own where an operand is a constant, and errs.</summary>
    ConstantOperand,
}

/// <summary>
/// Faults of the .NET 10 JIT, found by generated modules or reported by its authors:
/// <list type="bullet">
/// <item>On x64 it drops a test against zero after a rotation, taking the flags for set, which a rotation leaves alone (dotnet/runtime#129288), or
/// after counting zeros by an instruction that sets them by its operand (dotnet/runtime#133783).</item>
/// <item>It makes a rotation of <c>x &lt;&lt; n ^ x &gt;&gt; (32 − n)</c>, which is zero and not x where n is a multiple of the width (dotnet/runtime#133864).</item>
/// <item>It folds the rotation of a constant to one that it takes for positive, on which a signed division faults (dotnet/runtime#129099).</item>
/// <item>A minimum or maximum with a constant loses the sign of zero (dotnet/runtime#130831) or a NaN beside numbers (dotnet/runtime#133022).</item>
/// <item>From the complement of a comparison, which is never zero, it infers the comparison where it branches (dotnet/runtime#133557).</item>
/// <item>Folding constants it keeps an f32 as an f64, which quietens a signalling NaN.</item>
/// </list>
/// The first two need the instructions in one expression, into which the JIT also moves the value of a local that is used once; so the
/// value is used twice, as <c>v | v</c>, in functions where the fault can happen. The complement of a comparison is written <c>−1 − v</c>. A constant is put into a local before it is rotated or compared, and an f32 is
/// made of its bits out of the JIT's sight where they may come from a constant.
/// </summary>
internal sealed partial class FunctionCompiler
{
    private bool _hasStaleFlags;
    private bool _shiftsLeft;
    private bool _shiftsRight;
    private bool _shiftsByVariable;
    private bool _buildsVectors;
    private readonly HashSet<int> _truthLocals = [];
    private readonly HashSet<Temporary> _truthTemporaries = [];

    // An assignment stands before the use that the JIT moves it to, so what was seen so far tells enough.
    private void NoteHazard(JitHazard hazard, Node? second)
    {
        switch (hazard)
        {
            case JitHazard.StaleFlags:
                _hasStaleFlags = true;
                break;
            case JitHazard.ShiftLeft or JitHazard.ShiftRight:
                _shiftsLeft |= hazard == JitHazard.ShiftLeft;
                _shiftsRight |= hazard == JitHazard.ShiftRight;
                _shiftsByVariable |= second is { IsConstant: false };
                break;
            case JitHazard.Combination:
                _hasStaleFlags |= _shiftsLeft && _shiftsRight;
                break;
        }
    }

    /// <summary>Whether the JIT may know the value as the result of a comparison.</summary>
    private bool IsTruth(Node node) => node.Op switch
    {
        NodeOp.Apply => node.Lowering!.Branches is not null || ReferenceEquals(node.Lowering, IsZero32),
        NodeOp.Local => _truthLocals.Contains(node.Index),
        NodeOp.Temporary => _truthTemporaries.Contains(node.Temporary!),
        _ => false,
    };

    private void NoteTruth(Temporary target, Node value)
    {
        if (IsTruth(value)) _truthTemporaries.Add(target);
    }

    private void NoteTruth(int local, Node value)
    {
        if (IsTruth(value)) _truthLocals.Add(local);
    }

    private bool IsComplementOfTruth(Lowering lowering, Node a, Node? b) =>
        ReferenceEquals(lowering, NumericLowering.Single[0x73]) && ((IsTruth(a) && b!.IsConstant && IsMinusOne(b)) || (a.IsConstant && IsMinusOne(a) && IsTruth(b!)));

    private void NoteVectorConstant(Node constant) => _buildsVectors |= constant.Bits != default;

    private void NoteVector(Lowering lowering, Node last) => _buildsVectors |= lowering.Result == ValueKind.V128 && last.Kind is ValueKind.I32 or ValueKind.I64;

    /// <summary>Whether an f32 lane of the vector may be a signalling NaN that the JIT knows.</summary>
    private bool MayFoldLane(Node vector) => _buildsVectors && vector.Nan == NanState.Exact;

    /// <summary>Follows an integer that is on the IL stack to be compared, tested or switched on.</summary>
    private void GuardTest(Node tested)
    {
        if (_hasStaleFlags && !tested.IsConstant && tested.Kind is ValueKind.I32 or ValueKind.I64) UseTwice();
    }

    /// <summary>Follows the first operand of an instruction.</summary>
    private void GuardCombination(JitHazard hazard)
    {
        if (hazard == JitHazard.Combination && _shiftsByVariable && _shiftsLeft && _shiftsRight) UseTwice();
    }

    private void UseTwice()
    {
        _il.Emit(OpCodes.Dup);
        _il.Emit(OpCodes.Or);
    }
}

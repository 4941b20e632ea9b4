using System.Reflection;
using System.Reflection.Emit;

namespace Hive.Wasm;

/// <summary>How an instruction without side effects becomes IL, once its operands are on the IL stack.</summary>
internal sealed class Lowering
{
    private readonly Action<ILGenerator> _emit;

    private Lowering(ValueKind result, Action<ILGenerator> emit)
    {
        Result = result;
        _emit = emit;
    }

    public ValueKind Result { get; }

    /// <summary>NaNs that operands may have with arbitrary bits, because the instruction does not look at them.</summary>
    public NanState Tolerates { get; private init; } = NanState.Free;

    /// <summary>What the result's NaNs are.</summary>
    public NanState Produces { get; private init; }

    /// <summary>Whether the result's NaNs are arbitrary only if the operand's are.</summary>
    public bool Inherits { get; private init; }

    /// <summary>Branches if the comparison holds, and if it does not.</summary>
    public (OpCode IfTrue, OpCode IfFalse)? Branches { get; private init; }

    /// <summary>Which fault of the JIT the instruction takes part in.</summary>
    public JitHazard Hazard { get; private init; }

    /// <summary>Converts each operand once it is on the stack.</summary>
    public MethodInfo? Convert { get; private init; }

    public void Emit(ILGenerator il) => _emit(il);

    public static Lowering Il(ValueKind result, params OpCode[] codes) => new(result, il =>
    {
        foreach (var code in codes) il.Emit(code);
    })
    { Produces = Default(result) };

    public static Lowering Call(ValueKind result, MethodInfo method, params OpCode[] after) => new(result, il =>
    {
        il.Emit(OpCodes.Call, method);
        foreach (var code in after) il.Emit(code);
    })
    { Produces = Default(result) };

    public static Lowering Custom(ValueKind result, Action<ILGenerator> emit) => new(result, emit) { Produces = Default(result) };

    public static Lowering Compare(OpCode[] value, OpCode ifTrue, OpCode ifFalse, NanState tolerates) => new(ValueKind.I32, il =>
    {
        foreach (var code in value) il.Emit(code);
    })
    { Branches = (ifTrue, ifFalse), Tolerates = tolerates, Produces = NanState.Free };

    /// <summary>An arithmetic instruction: operands' NaNs may have any bits, and so may the result's.</summary>
    public Lowering Arithmetic(NanState operands, NanState result) => With(operands, result, inherits: false);

    /// <summary>An instruction that hands NaNs on.</summary>
    public Lowering Inherit(NanState operands, NanState result) => With(operands, result, inherits: true);

    /// <summary>An instruction that tells NaNs only from numbers, and whose result is none.</summary>
    public Lowering Insensitive(NanState operands) => With(operands, NanState.Free, inherits: false);

    /// <summary>An instruction that takes part in a fault of the JIT.</summary>
    public Lowering Hazardous(JitHazard hazard) =>
        new(Result, _emit) { Tolerates = Tolerates, Produces = Produces, Inherits = Inherits, Branches = Branches, Hazard = hazard, Convert = Convert };

    public Lowering Converting(MethodInfo convert) =>
        new(Result, _emit) { Tolerates = Tolerates, Produces = Produces, Inherits = Inherits, Branches = Branches, Hazard = Hazard, Convert = convert };

    private Lowering With(NanState tolerates, NanState produces, bool inherits) =>
        new(Result, _emit) { Tolerates = tolerates, Produces = produces, Inherits = inherits, Branches = Branches, Hazard = Hazard, Convert = Convert };

    private static NanState Default(ValueKind result) => result is ValueKind.F32 or ValueKind.F64 or ValueKind.V128 ? NanState.Exact : NanState.Free;
}

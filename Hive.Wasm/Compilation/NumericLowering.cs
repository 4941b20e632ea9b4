using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;

namespace Hive.Wasm;

/// <summary>IL for the numeric instructions that cannot trap, by opcode.</summary>
internal static class NumericLowering
{
    private const ValueKind I32 = ValueKind.I32;
    private const ValueKind I64 = ValueKind.I64;
    private const ValueKind F32 = ValueKind.F32;
    private const ValueKind F64 = ValueKind.F64;

    public static readonly Lowering?[] Single = BuildSingle();

    /// <summary>After the prefix 0xFC. The IL conversions saturate, and turn NaN into zero, on every machine since .NET 9.</summary>
    public static readonly Lowering[] Saturating = BuildSaturating();

    private static Lowering?[] BuildSingle()
    {
        var table = new Lowering?[256];
        IntegerComparisons(table, 0x46);
        IntegerComparisons(table, 0x51);
        FloatComparisons(table, 0x5b, NanState.F32);
        FloatComparisons(table, 0x61, NanState.F64);
        Integers32(table);
        Integers64(table);
        Floats(table, 0x8b, typeof(MathF), typeof(float), F32, NanState.F32);
        Floats(table, 0x99, typeof(Math), typeof(double), F64, NanState.F64);
        Conversions(table);
        return table;
    }

    private static void IntegerComparisons(Lowering?[] table, int at)
    {
        OpCode[] not = [OpCodes.Ldc_I4_0, OpCodes.Ceq];
        Add([OpCodes.Ceq], OpCodes.Beq, OpCodes.Bne_Un);
        Add([OpCodes.Ceq, .. not], OpCodes.Bne_Un, OpCodes.Beq);
        Add([OpCodes.Clt], OpCodes.Blt, OpCodes.Bge);
        Add([OpCodes.Clt_Un], OpCodes.Blt_Un, OpCodes.Bge_Un);
        Add([OpCodes.Cgt], OpCodes.Bgt, OpCodes.Ble);
        Add([OpCodes.Cgt_Un], OpCodes.Bgt_Un, OpCodes.Ble_Un);
        Add([OpCodes.Cgt, .. not], OpCodes.Ble, OpCodes.Bgt);
        Add([OpCodes.Cgt_Un, .. not], OpCodes.Ble_Un, OpCodes.Bgt_Un);
        Add([OpCodes.Clt, .. not], OpCodes.Bge, OpCodes.Blt);
        Add([OpCodes.Clt_Un, .. not], OpCodes.Bge_Un, OpCodes.Blt_Un);

        void Add(OpCode[] value, OpCode ifTrue, OpCode ifFalse) => table[at++] = Lowering.Compare(value, ifTrue, ifFalse, NanState.Free);
    }

    /// <summary>In IL, the <c>.un</c> forms of float comparisons hold if an operand is NaN; the plain forms do not.</summary>
    private static void FloatComparisons(Lowering?[] table, int at, NanState nan)
    {
        OpCode[] not = [OpCodes.Ldc_I4_0, OpCodes.Ceq];
        Add([OpCodes.Ceq], OpCodes.Beq, OpCodes.Bne_Un);
        Add([OpCodes.Ceq, .. not], OpCodes.Bne_Un, OpCodes.Beq);
        Add([OpCodes.Clt], OpCodes.Blt, OpCodes.Bge_Un);
        Add([OpCodes.Cgt], OpCodes.Bgt, OpCodes.Ble_Un);
        Add([OpCodes.Cgt_Un, .. not], OpCodes.Ble, OpCodes.Bgt_Un);
        Add([OpCodes.Clt_Un, .. not], OpCodes.Bge, OpCodes.Blt_Un);

        void Add(OpCode[] value, OpCode ifTrue, OpCode ifFalse) => table[at++] = Lowering.Compare(value, ifTrue, ifFalse, nan);
    }

    private static JitHazard CountingZeros => Lzcnt.IsSupported && Bmi1.IsSupported ? JitHazard.None : JitHazard.StaleFlags;

    private static void Integers32(Lowering?[] table)
    {
        table[0x67] = Lowering.Call(I32, Method(typeof(BitOperations), "LeadingZeroCount", typeof(uint))).Hazardous(CountingZeros);
        table[0x68] = Lowering.Call(I32, Method(typeof(BitOperations), "TrailingZeroCount", typeof(uint))).Hazardous(CountingZeros);
        table[0x69] = Lowering.Call(I32, Method(typeof(BitOperations), "PopCount", typeof(uint)));
        table[0x6a] = Lowering.Il(I32, OpCodes.Add);
        table[0x6b] = Lowering.Il(I32, OpCodes.Sub);
        table[0x6c] = Lowering.Il(I32, OpCodes.Mul);
        table[0x71] = Lowering.Il(I32, OpCodes.And);
        table[0x72] = Lowering.Il(I32, OpCodes.Or).Hazardous(JitHazard.Combination);
        table[0x73] = Lowering.Il(I32, OpCodes.Xor).Hazardous(JitHazard.Combination);
        table[0x74] = Shift(I32, OpCodes.Shl).Hazardous(JitHazard.ShiftLeft);
        table[0x75] = Shift(I32, OpCodes.Shr);
        table[0x76] = Shift(I32, OpCodes.Shr_Un).Hazardous(JitHazard.ShiftRight);
        table[0x77] = Lowering.Call(I32, Method(typeof(BitOperations), "RotateLeft", typeof(uint), typeof(int))).Hazardous(JitHazard.StaleFlags);
        table[0x78] = Lowering.Call(I32, Method(typeof(BitOperations), "RotateRight", typeof(uint), typeof(int))).Hazardous(JitHazard.StaleFlags);
        table[0xc0] = Lowering.Il(I32, OpCodes.Conv_I1);
        table[0xc1] = Lowering.Il(I32, OpCodes.Conv_I2);
    }

    private static void Integers64(Lowering?[] table)
    {
        table[0x79] = Lowering.Call(I64, Method(typeof(BitOperations), "LeadingZeroCount", typeof(ulong)), OpCodes.Conv_I8).Hazardous(CountingZeros);
        table[0x7a] = Lowering.Call(I64, Method(typeof(BitOperations), "TrailingZeroCount", typeof(ulong)), OpCodes.Conv_I8).Hazardous(CountingZeros);
        table[0x7b] = Lowering.Call(I64, Method(typeof(BitOperations), "PopCount", typeof(ulong)), OpCodes.Conv_I8);
        table[0x7c] = Lowering.Il(I64, OpCodes.Add);
        table[0x7d] = Lowering.Il(I64, OpCodes.Sub);
        table[0x7e] = Lowering.Il(I64, OpCodes.Mul);
        table[0x83] = Lowering.Il(I64, OpCodes.And);
        table[0x84] = Lowering.Il(I64, OpCodes.Or).Hazardous(JitHazard.Combination);
        table[0x85] = Lowering.Il(I64, OpCodes.Xor).Hazardous(JitHazard.Combination);
        table[0x86] = Shift(I64, OpCodes.Shl).Hazardous(JitHazard.ShiftLeft);
        table[0x87] = Shift(I64, OpCodes.Shr);
        table[0x88] = Shift(I64, OpCodes.Shr_Un).Hazardous(JitHazard.ShiftRight);
        table[0x89] = Rotate(Method(typeof(BitOperations), "RotateLeft", typeof(ulong), typeof(int)));
        table[0x8a] = Rotate(Method(typeof(BitOperations), "RotateRight", typeof(ulong), typeof(int)));
        table[0xc2] = Lowering.Il(I64, OpCodes.Conv_I1, OpCodes.Conv_I8);
        table[0xc3] = Lowering.Il(I64, OpCodes.Conv_I2, OpCodes.Conv_I8);
        table[0xc4] = Lowering.Il(I64, OpCodes.Conv_I4, OpCodes.Conv_I8);
    }

    private static Lowering Rotate(MethodInfo method) => Lowering.Custom(I64, il =>
    {
        il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Call, method);
    }).Hazardous(JitHazard.StaleFlags);

    /// <summary>IL leaves shifts by the width or more open, so the count is masked.</summary>
    private static Lowering Shift(ValueKind kind, OpCode code) => Lowering.Custom(kind, il =>
    {
        if (kind == I64) il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Ldc_I4_S, (sbyte)(kind == I64 ? 63 : 31));
        il.Emit(OpCodes.And);
        il.Emit(code);
    });

    private static void Floats(Lowering?[] table, int at, Type math, Type type, ValueKind kind, NanState nan)
    {
        table[at++] = Lowering.Call(kind, Method(math, "Abs", type)).Inherit(nan, nan);

        // The sign of a NaN is fixed before it is turned, so that a value and its negation differ in it.
        table[at++] = Lowering.Il(kind, OpCodes.Neg);
        foreach (var name in (string[])["Ceiling", "Floor", "Truncate", "Round", "Sqrt"])
            table[at++] = Lowering.Call(kind, Method(math, name, type)).Arithmetic(nan, nan);
        foreach (var code in (OpCode[])[OpCodes.Add, OpCodes.Sub, OpCodes.Mul, OpCodes.Div])
            table[at++] = Lowering.Il(kind, code).Arithmetic(nan, nan);
        table[at++] = Lowering.Call(kind, Method(math, "Min", type, type)).Arithmetic(nan, nan).Hazardous(JitHazard.ConstantOperand);
        table[at++] = Lowering.Call(kind, Method(math, "Max", type, type)).Arithmetic(nan, nan).Hazardous(JitHazard.ConstantOperand);
        table[at] = Lowering.Call(kind, Method(math, "CopySign", type, type));
    }

    private static void Conversions(Lowering?[] table)
    {
        table[0xa7] = Lowering.Il(I32, OpCodes.Conv_I4);
        table[0xac] = Lowering.Il(I64, OpCodes.Conv_I8);
        table[0xad] = Lowering.Il(I64, OpCodes.Conv_U8);
        table[0xb2] = FromInteger(F32, OpCodes.Conv_R4);
        table[0xb3] = FromInteger(F32, OpCodes.Conv_R_Un, OpCodes.Conv_R4);
        table[0xb4] = FromInteger(F32, OpCodes.Conv_R4);
        table[0xb5] = Lowering.Call(F32, Method(typeof(GuestMath), nameof(GuestMath.SingleFromUInt64), typeof(ulong))).Insensitive(NanState.Free);
        table[0xb6] = Lowering.Il(F32, OpCodes.Conv_R4).Arithmetic(NanState.F64, NanState.F32);
        table[0xb7] = FromInteger(F64, OpCodes.Conv_R8);
        table[0xb8] = FromInteger(F64, OpCodes.Conv_R_Un, OpCodes.Conv_R8);
        table[0xb9] = FromInteger(F64, OpCodes.Conv_R8);
        table[0xba] = FromInteger(F64, OpCodes.Conv_R_Un, OpCodes.Conv_R8);
        table[0xbb] = Lowering.Il(F64, OpCodes.Conv_R8).Arithmetic(NanState.F32, NanState.F64);
        table[0xbc] = Lowering.Call(I32, Method(typeof(BitConverter), "SingleToInt32Bits", typeof(float)));
        table[0xbd] = Lowering.Call(I64, Method(typeof(BitConverter), "DoubleToInt64Bits", typeof(double)));
        table[0xbe] = Lowering.Call(F32, Method(typeof(GuestMath), nameof(GuestMath.SingleFromBits), typeof(int)));
        table[0xbf] = Lowering.Call(F64, Method(typeof(BitConverter), "Int64BitsToDouble", typeof(long)));
    }

    private static Lowering FromInteger(ValueKind kind, params OpCode[] codes) => Lowering.Il(kind, codes).Insensitive(NanState.Free);

    private static Lowering[] BuildSaturating()
    {
        var table = new Lowering[8];
        OpCode[] codes = [OpCodes.Conv_I4, OpCodes.Conv_U4, OpCodes.Conv_I8, OpCodes.Conv_U8];
        for (var i = 0; i < 8; i++)
        {
            var nan = (i & 2) == 0 ? NanState.F32 : NanState.F64;
            table[i] = Lowering.Il(i < 4 ? I32 : I64, codes[(i & 1) + (i < 4 ? 0 : 2)]).Insensitive(nan);
        }

        return table;
    }

    public static MethodInfo Method(Type type, string name, params Type[] parameters) =>
        type.GetMethod(name, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, parameters)
        ?? throw new MissingMethodException(type.Name, name);
}

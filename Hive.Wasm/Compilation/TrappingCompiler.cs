using System.Reflection.Emit;

namespace Hive.Wasm;

/// <summary>Numeric instructions that may trap.</summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>Ranges that conversions to integers accept: more than the first, or at least it, and less than the second.</summary>
    private static readonly (double Above, bool Inclusive, double Below)[] ConversionRanges =
    [
        (int.MinValue, true, 2147483648.0), // i32.trunc_f32_s
        (-1, false, 4294967296.0), // i32.trunc_f32_u
        (-2147483649.0, false, 2147483648.0), // i32.trunc_f64_s
        (-1, false, 4294967296.0), // i32.trunc_f64_u
        (long.MinValue, true, 9223372036854775808.0), // i64.trunc_f32_s
        (-1, false, 18446744073709551616.0), // i64.trunc_f32_u
        (long.MinValue, true, 9223372036854775808.0), // i64.trunc_f64_s
        (-1, false, 18446744073709551616.0), // i64.trunc_f64_u
    ];

    private void Truncate(byte opcode)
    {
        var number = opcode < 0xae ? opcode - 0xa8 : opcode - 0xae + 4;
        var (above, inclusive, below) = ConversionRanges[number];
        var value = Materialize(Pop());
        var isSingle = value.Kind == ValueKind.F32;
        EmitKeeping(value);
        EmitKeeping(value);
        _il.Emit(OpCodes.Bne_Un, Trap(TrapCode.InvalidConversionToInteger));
        EmitKeeping(value);
        LoadBound(above);
        _il.Emit(inclusive ? OpCodes.Blt : OpCodes.Ble, Trap(TrapCode.IntegerOverflow));
        EmitKeeping(value);
        LoadBound(below);
        _il.Emit(OpCodes.Bge, Trap(TrapCode.IntegerOverflow));
        Push(Apply(NumericLowering.Saturating[number], value));

        void LoadBound(double bound)
        {
            if (isSingle) _il.Emit(OpCodes.Ldc_R4, (float)bound);
            else _il.Emit(OpCodes.Ldc_R8, bound);
        }
    }

    private static readonly Dictionary<byte, Lowering> Division = new()
    {
        [0x6d] = Lowering.Il(ValueKind.I32, OpCodes.Div),
        [0x6e] = Lowering.Il(ValueKind.I32, OpCodes.Div_Un),
        [0x6f] = Lowering.Il(ValueKind.I32, OpCodes.Rem),
        [0x70] = Lowering.Il(ValueKind.I32, OpCodes.Rem_Un),
        [0x7f] = Lowering.Il(ValueKind.I64, OpCodes.Div),
        [0x80] = Lowering.Il(ValueKind.I64, OpCodes.Div_Un),
        [0x81] = Lowering.Il(ValueKind.I64, OpCodes.Rem),
        [0x82] = Lowering.Il(ValueKind.I64, OpCodes.Rem_Un),
    };

    private void Divide(byte opcode)
    {
        var lowering = Division[opcode];
        var divisor = Pop();
        var dividend = Pop();
        var isSigned = opcode is 0x6d or 0x6f or 0x7f or 0x81;
        var isRemainder = opcode is 0x6f or 0x81;
        if (divisor.IsConstant && divisor.Bits[0] != 0 && !(isSigned && IsMinusOne(divisor)))
        {
            Push(Binary(lowering, dividend, divisor));
            return;
        }

        dividend = Materialize(dividend);
        divisor = Materialize(divisor);
        EmitKeeping(divisor);
        GuardTest(divisor);
        _il.Emit(OpCodes.Brfalse, Trap(TrapCode.IntegerDivideByZero));
        if (!isSigned)
        {
            Push(Binary(lowering, dividend, divisor));
            return;
        }

        if (isRemainder) Remainder(lowering, dividend, divisor);
        else Quotient(lowering, dividend, divisor);
    }

    /// <summary>The least integer divided by −1 does not fit.</summary>
    private void Quotient(Lowering lowering, Node dividend, Node divisor)
    {
        var fits = _il.DefineLabel();
        EmitKeeping(divisor);
        LoadInteger(lowering.Result, -1);
        _il.Emit(OpCodes.Bne_Un, fits);
        EmitKeeping(dividend);
        LoadInteger(lowering.Result, lowering.Result == ValueKind.I32 ? int.MinValue : long.MinValue);
        _il.Emit(OpCodes.Beq, Trap(TrapCode.IntegerOverflow));
        _il.MarkLabel(fits);
        Push(Binary(lowering, dividend, divisor));
    }

    /// <summary>The remainder by −1 is zero; IL would fault for the least integer.</summary>
    private void Remainder(Lowering lowering, Node dividend, Node divisor)
    {
        var done = _il.DefineLabel();
        LoadInteger(lowering.Result, 0);
        var result = StoreTemporary(lowering.Result, NanState.Free);
        EmitKeeping(divisor);
        LoadInteger(lowering.Result, -1);
        _il.Emit(OpCodes.Beq, done);
        Emit(Binary(lowering, dividend, divisor));
        _il.Emit(OpCodes.Stloc, result.Temporary!.Local);
        _il.MarkLabel(done);
        Push(result);
    }

    private static bool IsMinusOne(Node constant) =>
        constant.Kind == ValueKind.I32 ? (int)constant.Bits[0] == -1 : (long)constant.Bits[0] == -1;

    private void LoadInteger(ValueKind kind, long value)
    {
        if (kind == ValueKind.I32) LoadInt32((int)value);
        else _il.Emit(OpCodes.Ldc_I8, value);
    }

    private static Node Binary(Lowering lowering, Node a, Node b) =>
        new() { Op = NodeOp.Apply, Kind = lowering.Result, Lowering = lowering, A = a, B = b, Height = Math.Max(a.Height, b.Height) + 1 };
}

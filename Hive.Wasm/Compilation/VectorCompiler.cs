using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;

namespace Hive.Wasm;

/// <summary>Vector instructions with immediates.</summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>What loads fetch, and what makes a vector of it, from opcode 1.</summary>
    private static readonly (int Size, OpCode Load, MethodInfo Make)[] VectorLoads =
    [
        (8, OpCodes.Ldind_I8, VectorLowering.Helper(nameof(VectorMath.Load8x8S))),
        (8, OpCodes.Ldind_I8, VectorLowering.Helper(nameof(VectorMath.Load8x8U))),
        (8, OpCodes.Ldind_I8, VectorLowering.Helper(nameof(VectorMath.Load16x4S))),
        (8, OpCodes.Ldind_I8, VectorLowering.Helper(nameof(VectorMath.Load16x4U))),
        (8, OpCodes.Ldind_I8, VectorLowering.Helper(nameof(VectorMath.Load32x2S))),
        (8, OpCodes.Ldind_I8, VectorLowering.Helper(nameof(VectorMath.Load32x2U))),
        (1, OpCodes.Ldind_U1, VectorLowering.Helper(nameof(VectorMath.Splat8))),
        (2, OpCodes.Ldind_U2, VectorLowering.Helper(nameof(VectorMath.Splat16))),
        (4, OpCodes.Ldind_I4, VectorLowering.Helper(nameof(VectorMath.Splat32))),
        (8, OpCodes.Ldind_I8, VectorLowering.Helper(nameof(VectorMath.Splat64))),
    ];

    /// <summary>Lane access from opcode 21: lane type, and whether the lane is replaced.</summary>
    private static readonly (Type Lane, bool Replaces)[] LaneAccess =
    [
        (typeof(sbyte), false), (typeof(byte), false), (typeof(byte), true),
        (typeof(short), false), (typeof(ushort), false), (typeof(short), true),
        (typeof(int), false), (typeof(int), true),
        (typeof(long), false), (typeof(long), true),
        (typeof(float), false), (typeof(float), true),
        (typeof(double), false), (typeof(double), true),
    ];

    /// <summary>Lanes loaded and stored alone, by the logarithm of their size.</summary>
    private static readonly (Type Lane, OpCode Load, OpCode Store)[] LaneMemory =
    [
        (typeof(byte), OpCodes.Ldind_U1, OpCodes.Stind_I1),
        (typeof(short), OpCodes.Ldind_I2, OpCodes.Stind_I2),
        (typeof(int), OpCodes.Ldind_I4, OpCodes.Stind_I4),
        (typeof(long), OpCodes.Ldind_I8, OpCodes.Stind_I8),
    ];

    private void VectorInstruction(int opcode)
    {
        switch (opcode)
        {
            case 0: LoadVector(); break;
            case <= 10: LoadAs(VectorLoads[opcode - 1]); break;
            case 11: StoreVector(); break;
            case 12: Constant(_reader.Span(16)); break;
            case 13: Shuffle(_reader.Span(16)); break;
            case >= 21 and <= 34: Lane(LaneAccess[opcode - 21], opcode); break;
            case >= 84 and <= 87: LoadLane(opcode - 84); break;
            case >= 88 and <= 91: StoreLane(opcode - 88); break;
            case 92: LoadAs((4, OpCodes.Ldind_I4, VectorLowering.Helper(nameof(VectorMath.Zero32)))); break;
            case 93: LoadAs((8, OpCodes.Ldind_I8, VectorLowering.Helper(nameof(VectorMath.Zero64)))); break;
            default: Numeric(VectorLowering.Table[opcode]!, OpcodeTable.Vector[opcode]!.Operands.Length); break;
        }
    }

    private void Constant(ReadOnlySpan<byte> bytes)
    {
        var constant = VectorConstant(bytes);
        NoteVectorConstant(constant);
        Push(constant);
    }

    private static Node VectorConstant(ReadOnlySpan<byte> bytes)
    {
        var bits = Vector128.Create(bytes);
        var hasNan = !Vector128.EqualsAll(bits.AsSingle(), bits.AsSingle()) || !Vector128.EqualsAll(bits.AsDouble(), bits.AsDouble());
        return Node.Constant(ValueKind.V128, bits.AsUInt64(), hasNan ? NanState.Exact : NanState.Free);
    }

    private void LoadAs((int Size, OpCode Load, MethodInfo Make) load)
    {
        var argument = ReadMemoryArgument();
        EmitAddress(Pop(), argument, load.Size);
        _il.Emit(load.Load);
        _il.Emit(OpCodes.Call, load.Make);
        PushResult(ValueKind.V128);
    }

    /// <summary>Picks lanes of each operand, zero where the lane is the other's, and joins them.</summary>
    private void Shuffle(ReadOnlySpan<byte> lanes)
    {
        var second = PopClean();
        var first = PopClean();
        Span<byte> ofFirst = stackalloc byte[16];
        Span<byte> ofSecond = stackalloc byte[16];
        for (var i = 0; i < 16; i++)
        {
            ofFirst[i] = lanes[i] < 16 ? lanes[i] : (byte)0xff;
            ofSecond[i] = lanes[i] < 16 ? (byte)0xff : (byte)(lanes[i] - 16);
        }

        Emit(first);
        EmitConstant(VectorConstant(ofFirst));
        _il.Emit(OpCodes.Call, VectorLowering.Shuffle);
        Emit(second);
        EmitConstant(VectorConstant(ofSecond));
        _il.Emit(OpCodes.Call, VectorLowering.Shuffle);
        VectorLowering.Table[80]!.Emit(_il);
        PushResult(ValueKind.V128);
    }

    private void Lane((Type Lane, bool Replaces) access, int opcode)
    {
        var index = _reader.Byte();
        var lowering = access.Replaces ? ReplaceLane(access.Lane, index)
            : access.Lane == typeof(float) && MayFoldLane(_stack[^1]) ? ExtractBits(index)
            : ExtractLane(access.Lane, index, OpcodeTable.Vector[opcode]!.Result);
        Numeric(lowering, access.Replaces ? 2 : 1);
    }

    private static Lowering ExtractLane(Type lane, int index, ValueKind result)
    {
        var lowering = Lowering.Custom(result, il =>
        {
            il.Emit(OpCodes.Ldc_I4, index);
            il.Emit(OpCodes.Call, LaneMethod("GetElement", lane));
        }).Converting(VectorLowering.As(typeof(byte), lane));
        return result switch
        {
            ValueKind.F32 => lowering.Inherit(NanState.F32x4, NanState.F32),
            ValueKind.F64 => lowering.Inherit(NanState.F64x2, NanState.F64),
            _ => lowering,
        };
    }

    private static Lowering ExtractBits(int index) => Lowering.Custom(ValueKind.F32, il =>
    {
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Call, LaneMethod("GetElement", typeof(int)));
        NumericLowering.Single[0xbe]!.Emit(il);
    }).Converting(VectorLowering.As(typeof(byte), typeof(int)));

    private static Lowering ReplaceLane(Type lane, int index) => Lowering.Custom(ValueKind.V128, il => EmitReplace(il, lane, index))
        .Converting(VectorLowering.As(typeof(byte), lane));

    /// <summary>Replaces a lane of the vector on the IL stack by the number above it.</summary>
    private static void EmitReplace(ILGenerator il, Type lane, int index)
    {
        var number = il.DeclareLocal(lane);
        il.Emit(OpCodes.Stloc, number);
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Ldloc, number);
        il.Emit(OpCodes.Call, LaneMethod("WithElement", lane));
        il.Emit(OpCodes.Call, VectorLowering.As(lane, typeof(byte)));
    }

    private static MethodInfo LaneMethod(string name, Type lane) => typeof(Vector128).GetMethod(name)!.MakeGenericMethod(lane);

    private void LoadLane(int sizeLog2)
    {
        var (lane, load, _) = LaneMemory[sizeLog2];
        var argument = ReadMemoryArgument();
        var index = _reader.Byte();
        var vector = PopClean();
        EmitAddress(Pop(), argument, 1 << sizeLog2);
        _il.Emit(load);
        var number = StoreTemporary(sizeLog2 == 3 ? ValueKind.I64 : ValueKind.I32, NanState.Free);
        Emit(vector);
        _il.Emit(OpCodes.Call, VectorLowering.As(typeof(byte), lane));
        Emit(number);
        EmitReplace(_il, lane, index);
        PushResult(ValueKind.V128);
    }

    private void StoreLane(int sizeLog2)
    {
        var (lane, _, store) = LaneMemory[sizeLog2];
        var argument = ReadMemoryArgument();
        var index = _reader.Byte();
        var vector = PopClean();
        EmitAddress(Pop(), argument, 1 << sizeLog2);
        Emit(vector);
        _il.Emit(OpCodes.Call, VectorLowering.As(typeof(byte), lane));
        LoadInt32(index);
        _il.Emit(OpCodes.Call, LaneMethod("GetElement", lane));
        _il.Emit(store);
    }
}

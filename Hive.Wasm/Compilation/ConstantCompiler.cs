using System.Reflection.Emit;

namespace Hive.Wasm;

internal sealed partial class FunctionCompiler
{
    private void EmitConstant(Node node)
    {
        switch (node.Kind)
        {
            case ValueKind.I32: LoadInt32((int)node.Bits[0]); break;
            case ValueKind.I64: _il.Emit(OpCodes.Ldc_I8, (long)node.Bits[0]); break;
            case ValueKind.F32: EmitSingle((uint)node.Bits[0]); break;
            case ValueKind.F64: EmitDouble(node.Bits[0]); break;
            case ValueKind.V128:
                _il.Emit(OpCodes.Ldc_I8, (long)node.Bits[0]);
                _il.Emit(OpCodes.Ldc_I8, (long)node.Bits[1]);
                _il.Emit(OpCodes.Call, VectorLowering.Create);
                break;
            default: _il.Emit(OpCodes.Ldnull); break;
        }
    }

    /// <summary>A NaN is made from its bits in a call, because the JIT handles f32 constants as f64, which quietens it.</summary>
    private void EmitSingle(uint bits)
    {
        var value = BitConverter.UInt32BitsToSingle(bits);
        if (!float.IsNaN(value))
        {
            _il.Emit(OpCodes.Ldc_R4, value);
            return;
        }

        LoadInt32((int)bits);
        NumericLowering.Single[0xbe]!.Emit(_il);
    }

    private void EmitDouble(ulong bits)
    {
        var value = BitConverter.UInt64BitsToDouble(bits);
        if (!double.IsNaN(value))
        {
            _il.Emit(OpCodes.Ldc_R8, value);
            return;
        }

        _il.Emit(OpCodes.Ldc_I8, (long)bits);
        NumericLowering.Single[0xbf]!.Emit(_il);
    }

    private void LoadInt32(int value)
    {
        if (value is >= -1 and <= 8)
        {
            _il.Emit(value switch
            {
                -1 => OpCodes.Ldc_I4_M1,
                0 => OpCodes.Ldc_I4_0,
                1 => OpCodes.Ldc_I4_1,
                2 => OpCodes.Ldc_I4_2,
                3 => OpCodes.Ldc_I4_3,
                4 => OpCodes.Ldc_I4_4,
                5 => OpCodes.Ldc_I4_5,
                6 => OpCodes.Ldc_I4_6,
                7 => OpCodes.Ldc_I4_7,
                _ => OpCodes.Ldc_I4_8,
            });
        }
        else if (value is >= sbyte.MinValue and <= sbyte.MaxValue)
        {
            _il.Emit(OpCodes.Ldc_I4_S, (sbyte)value);
        }
        else
        {
            _il.Emit(OpCodes.Ldc_I4, value);
        }
    }
}

using System.Reflection.Emit;

namespace Hive.Wasm;

/// <summary>IL that turns raw values into <see cref="Value"/> and back.</summary>
internal static class Boxing
{
    public static void Box(ILGenerator il, ValueKind kind)
    {
        switch (kind)
        {
            case ValueKind.I32: Call(il, nameof(Value.FromInt32)); break;
            case ValueKind.I64: Call(il, nameof(Value.FromInt64)); break;
            case ValueKind.F32: Call(il, nameof(Value.FromSingle)); break;
            case ValueKind.F64: Call(il, nameof(Value.FromDouble)); break;
            case ValueKind.V128: Call(il, nameof(Value.FromV128)); break;
            default:
                il.Emit(OpCodes.Ldc_I4, (int)kind);
                il.Emit(OpCodes.Call, Members.Runtime(nameof(GuestRuntime.BoxReference)));
                break;
        }
    }

    /// <summary>Turns the <see cref="Value"/> at the address on the IL stack into a raw value.</summary>
    public static void Unbox(ILGenerator il, ValueKind kind)
    {
        var name = kind switch
        {
            ValueKind.I32 => nameof(Value.AsInt32),
            ValueKind.I64 => nameof(Value.AsInt64),
            ValueKind.F32 => nameof(Value.AsSingle),
            ValueKind.F64 => nameof(Value.AsDouble),
            ValueKind.V128 => nameof(Value.AsV128),
            _ => null,
        };
        if (name is not null) il.Emit(OpCodes.Call, typeof(Value).GetMethod(name)!);
        else il.Emit(OpCodes.Call, Members.Runtime(nameof(GuestRuntime.UnboxReference)));
    }

    private static void Call(ILGenerator il, string name) => il.Emit(OpCodes.Call, typeof(Value).GetMethod(name)!);
}

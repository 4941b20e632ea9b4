using System.Globalization;
using System.Runtime.Intrinsics;

namespace Hive.Wasm.Spec;

/// <summary>Turns script values into the engine's and checks the engine's against patterns.</summary>
internal static class ScriptValues
{
    /// <summary>What <c>(ref.extern n)</c> refers to: references to equal numbers are the same.</summary>
    private sealed record NumberedReference(ulong Number);

    /// <summary>The engine's value of an argument; an untyped null takes the parameter's kind.</summary>
    /// <exception cref="ArgumentException">The engine has no such value.</exception>
    public static Value ToEngine(ScriptValue value, ValueKind parameter) => value.Type switch
    {
        ScriptType.I32 => Value.FromInt32((int)value.Low),
        ScriptType.I64 => Value.FromInt64((long)value.Low),
        ScriptType.F32 => Value.FromSingleBits((uint)value.Low),
        ScriptType.F64 => Value.FromDoubleBits(value.Low),
        ScriptType.V128 => Value.FromV128(Vector128.Create(value.Low, value.High).AsByte()),
        ScriptType.NullReference => Value.Default(KindOf(value.HeapType) ?? parameter),
        ScriptType.HostReference => Value.FromExternRef(new NumberedReference(value.Low)),
        _ => throw new ArgumentException($"A {value.Type} cannot be passed to a function."),
    };

    public static bool Fits(ValuePattern pattern, Value actual) => pattern switch
    {
        EitherPattern either => either.Choices.Any(c => Fits(c, actual)),
        LanePattern lanes => actual.Kind == KindOf(lanes.Type) && lanes.Fits(Low(actual), High(actual)),
        ExactPattern { AnyReference: true } reference => FitsClass(reference.Value.Type, actual),
        ExactPattern exact => FitsExactly(exact.Value, actual),
        _ => false,
    };

    public static string Show(ValuePattern pattern) => pattern switch
    {
        EitherPattern either => string.Join(" or ", either.Choices.Select(Show)),
        LanePattern lanes => $"{lanes.Type} [{string.Join(' ', lanes.Lanes.Select(l => l.Rule == LaneRule.Bits ? $"0x{l.Bits:x}" : l.Rule.ToString()))}]",
        ExactPattern { AnyReference: true } any => $"any {any.Value.Type}",
        ExactPattern { Value: { Type: ScriptType.V128 } v } => $"V128 0x{v.High:x16}{v.Low:x16}",
        ExactPattern exact => string.Create(CultureInfo.InvariantCulture, $"{exact.Value.Type} {exact.Value.Low} {exact.Value.HeapType}").TrimEnd(),
        _ => "nothing",
    };

    private static bool FitsExactly(ScriptValue expected, Value actual) => expected.Type switch
    {
        ScriptType.NullReference => actual.IsNull && (KindOf(expected.HeapType) ?? actual.Kind) == actual.Kind,
        ScriptType.HostReference => actual.Kind == ValueKind.ExternRef && Equals(actual.AsExternRef(), new NumberedReference(expected.Low)),
        _ => actual.Kind == KindOf(expected.Type) && Low(actual) == expected.Low && High(actual) == expected.High,
    };

    private static bool FitsClass(ScriptType type, Value actual) => !actual.IsNull && type switch
    {
        ScriptType.HostReference => actual.Kind == ValueKind.ExternRef,
        ScriptType.FunctionReference => actual.Kind == ValueKind.FuncRef,
        _ => actual.Kind == ValueKind.AnyRef,
    };

    private static ulong Low(Value value) => value.Bits.AsUInt64()[0];

    private static ulong High(Value value) => value.Bits.AsUInt64()[1];

    private static ValueKind KindOf(ScriptType type) => type switch
    {
        ScriptType.I32 => ValueKind.I32,
        ScriptType.I64 => ValueKind.I64,
        ScriptType.F32 => ValueKind.F32,
        ScriptType.F64 => ValueKind.F64,
        _ => ValueKind.V128,
    };

    private static ValueKind? KindOf(string heapType) => heapType switch
    {
        "func" or "nofunc" => ValueKind.FuncRef,
        "extern" or "noextern" => ValueKind.ExternRef,
        "exn" or "noexn" => ValueKind.ExnRef,
        "any" or "eq" or "i31" or "struct" or "array" or "none" => ValueKind.AnyRef,
        _ => null,
    };
}

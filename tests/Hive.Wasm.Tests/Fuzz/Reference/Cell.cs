namespace Hive.Wasm.Tests.Fuzz.Reference;

/// <summary>A value with its type: numbers are unsigned bit patterns, so every operation says itself how it reads them.</summary>
internal readonly record struct Cell(ValueKind Kind, UInt128 Bits, object? Reference = null)
{
    public static Cell Zero(ValueKind kind) => new(kind, 0);

    public static Cell I32(ulong bits) => new(ValueKind.I32, (uint)bits);

    public static Cell Of(ValueKind kind, ulong bits) => new(kind, kind is ValueKind.I32 or ValueKind.F32 ? (uint)bits : bits);

    public ulong Word => (ulong)Bits;

    public uint Low => (uint)Bits;

    public override string ToString() => Kind < ValueKind.FuncRef ? $"{Kind}:0x{Bits:x}" : $"{Kind}:{Reference ?? "null"}";
}

/// <summary>The reference run trapped.</summary>
internal sealed class ReferenceTrap(TrapCode code) : Exception($"trap: {code}")
{
    public TrapCode Code => code;
}

/// <summary>The reference run threw an exception of a tag; it is what an <c>exnref</c> refers to.</summary>
internal sealed class ReferenceThrown(int tag, Cell[] payload) : Exception($"exception of tag {tag}")
{
    public int Tag => tag;

    public Cell[] Payload => payload;
}

/// <summary>The reference run took more steps than it was given.</summary>
internal sealed class ReferenceExhausted() : Exception("the reference interpreter ran out of steps");

/// <summary>The module uses something that the reference interpreter does not know; it cannot be compared.</summary>
internal sealed class ReferenceUnsupported(string what) : Exception($"the reference interpreter does not know {what}");

/// <summary>The module does something that no valid module can do: the validator should have refused it.</summary>
internal sealed class ReferenceInvalid(string what) : Exception($"an invalid module ran: {what}");

using System.Collections.Immutable;

namespace Hive.Research.Skills;

/// <summary>The type of a value.</summary>
internal enum ValueKind
{
    /// <summary>A 64-bit integer.</summary>
    Number,

    /// <summary>True or false; in WebAssembly an i32 that is 1 or 0.</summary>
    Truth,
}

/// <summary>What family an operation belongs to; how likely each is, is a technique.</summary>
internal enum OperationFamily
{
    /// <summary>Constants and arguments.</summary>
    Leaf,

    /// <summary>Addition, subtraction, multiplication, division.</summary>
    Arithmetic,

    /// <summary>Bits and shifts.</summary>
    Bitwise,

    /// <summary>Comparisons, and, or, not, and the choice between two.</summary>
    Logic,
}

/// <summary>An operation of expressions: a WebAssembly instruction.</summary>
/// <param name="Name">The instruction's name in the text format.</param>
/// <param name="Code">Its opcode.</param>
/// <param name="Family">Its family.</param>
/// <param name="Operands">What it takes, the deepest on the stack first.</param>
/// <param name="Result">What it gives.</param>
internal sealed record Operation(string Name, byte Code, OperationFamily Family, ImmutableArray<ValueKind> Operands, ValueKind Result)
{
    /// <summary>All operations; an expression's node names one by its place here.</summary>
    public static ImmutableArray<Operation> All { get; } =
    [
        new("i64.const", 0x42, OperationFamily.Leaf, [], ValueKind.Number),
        new("local.get", 0x20, OperationFamily.Leaf, [], ValueKind.Number),
        Two("i64.add", 0x7C, OperationFamily.Arithmetic),
        Two("i64.sub", 0x7D, OperationFamily.Arithmetic),
        Two("i64.mul", 0x7E, OperationFamily.Arithmetic),
        Two("i64.div_s", 0x7F, OperationFamily.Arithmetic),
        Two("i64.rem_s", 0x81, OperationFamily.Arithmetic),
        Two("i64.and", 0x83, OperationFamily.Bitwise),
        Two("i64.or", 0x84, OperationFamily.Bitwise),
        Two("i64.xor", 0x85, OperationFamily.Bitwise),
        Two("i64.shl", 0x86, OperationFamily.Bitwise),
        Two("i64.shr_s", 0x87, OperationFamily.Bitwise),
        new("i64.eq", 0x51, OperationFamily.Logic, [ValueKind.Number, ValueKind.Number], ValueKind.Truth),
        new("i64.lt_s", 0x53, OperationFamily.Logic, [ValueKind.Number, ValueKind.Number], ValueKind.Truth),
        new("i32.and", 0x71, OperationFamily.Logic, [ValueKind.Truth, ValueKind.Truth], ValueKind.Truth),
        new("i32.eqz", 0x45, OperationFamily.Logic, [ValueKind.Truth], ValueKind.Truth),
        new("select", 0x1B, OperationFamily.Logic, [ValueKind.Number, ValueKind.Number, ValueKind.Truth], ValueKind.Number),
    ];

    private static Operation Two(string name, byte code, OperationFamily family) => new(name, code, family, [ValueKind.Number, ValueKind.Number], ValueKind.Number);
}

namespace Hive.Wasm;

/// <summary>What follows an opcode in the binary.</summary>
internal enum Immediate : byte
{
    None,
    Memory,
    MemoryLane,
    Lane,
    Bytes16,
    Shuffle,
}

/// <summary>An instruction whose typing is fixed: operands, result (zero for none) and immediates.</summary>
internal sealed record PlainInstruction(ValueKind[] Operands, ValueKind Result, Immediate Immediate, int AlignLog2, int Lanes);

/// <summary>
/// The instructions that only pop and push fixed types, by opcode. Signatures are written as operands, colon, result, with
/// i = i32, l = i64, f = f32, d = f64, v = v128, a = address.
/// Source: https://webassembly.github.io/spec/core/appendix/index-instructions.html
/// </summary>
internal static class OpcodeTable
{
    /// <summary>Stands for the address type of the memory accessed.</summary>
    public const ValueKind Address = (ValueKind)15;

    public static readonly PlainInstruction?[] Single = BuildSingle();

    /// <summary>Opcodes after the prefix 0xFC that convert with saturation.</summary>
    public static readonly PlainInstruction?[] Saturating = BuildSaturating();

    /// <summary>Opcodes after the prefix 0xFD: vectors.</summary>
    public static readonly PlainInstruction?[] Vector = BuildVector();

    private static PlainInstruction?[] BuildSingle()
    {
        var table = new PlainInstruction?[256];
        Loads(table, 0x28, "i2 l3 f2 d3 i0 i0 i1 i1 l0 l0 l1 l1 l2 l2");
        Stores(table, 0x36, "i2 l3 f2 d3 i0 i1 l0 l1 l2");
        Fill(table, 0x45, 0x45, "i:i");
        Fill(table, 0x46, 0x4f, "ii:i");
        Fill(table, 0x50, 0x50, "l:i");
        Fill(table, 0x51, 0x5a, "ll:i");
        Fill(table, 0x5b, 0x60, "ff:i");
        Fill(table, 0x61, 0x66, "dd:i");
        Fill(table, 0x67, 0x69, "i:i");
        Fill(table, 0x6a, 0x78, "ii:i");
        Fill(table, 0x79, 0x7b, "l:l");
        Fill(table, 0x7c, 0x8a, "ll:l");
        Fill(table, 0x8b, 0x91, "f:f");
        Fill(table, 0x92, 0x98, "ff:f");
        Fill(table, 0x99, 0x9f, "d:d");
        Fill(table, 0xa0, 0xa6, "dd:d");
        var at = 0xa7;
        foreach (var signature in "l:i f:i f:i d:i d:i i:l i:l f:l f:l d:l d:l i:f i:f l:f l:f d:f i:d i:d l:d l:d f:d f:i d:l i:f l:d".Split(' '))
            Fill(table, at, at++, signature);
        Fill(table, 0xc0, 0xc1, "i:i");
        Fill(table, 0xc2, 0xc4, "l:l");
        return table;
    }

    private static PlainInstruction?[] BuildSaturating()
    {
        var table = new PlainInstruction?[8];
        Fill(table, 0, 1, "f:i");
        Fill(table, 2, 3, "d:i");
        Fill(table, 4, 5, "f:l");
        Fill(table, 6, 7, "d:l");
        return table;
    }

    private static PlainInstruction?[] BuildVector()
    {
        var table = new PlainInstruction?[276];
        Loads(table, 0, "v4 v3 v3 v3 v3 v3 v3 v0 v1 v2 v3");
        Stores(table, 11, "v4");
        table[12] = new([], ValueKind.V128, Immediate.Bytes16, 0, 0);
        table[13] = new([ValueKind.V128, ValueKind.V128], ValueKind.V128, Immediate.Shuffle, 0, 32);
        Fill(table, 14, 14, "vv:v");
        Fill(table, 15, 17, "i:v");
        Fill(table, 18, 18, "l:v");
        Fill(table, 19, 19, "f:v");
        Fill(table, 20, 20, "d:v");
        Lanes(table, 21, "v:i16 v:i16 vi:v16 v:i8 v:i8 vi:v8 v:i4 vi:v4 v:l2 vl:v2 v:f4 vf:v4 v:d2 vd:v2");
        Fill(table, 35, 76, "vv:v");
        Fill(table, 77, 77, "v:v");
        Fill(table, 78, 81, "vv:v");
        Fill(table, 82, 82, "vvv:v");
        Fill(table, 83, 83, "v:i");
        for (var width = 0; width < 4; width++)
        {
            table[84 + width] = new([Address, ValueKind.V128], ValueKind.V128, Immediate.MemoryLane, width, 16 >> width);
            table[88 + width] = new([Address, ValueKind.V128], 0, Immediate.MemoryLane, width, 16 >> width);
        }

        Loads(table, 92, "v2 v3");
        Fill(table, 94, 98, "v:v");
        Fill(table, 99, 100, "v:i");
        Fill(table, 101, 102, "vv:v");
        Fill(table, 103, 106, "v:v");
        Integer(table, 107);
        Fill(table, 116, 117, "v:v");
        Fill(table, 118, 121, "vv:v");
        Fill(table, 122, 122, "v:v");
        Fill(table, 123, 123, "vv:v");
        Fill(table, 124, 129, "v:v");
        Fill(table, 130, 130, "vv:v");
        Fill(table, 131, 132, "v:i");
        Fill(table, 133, 134, "vv:v");
        Fill(table, 135, 138, "v:v");
        Integer(table, 139);
        Fill(table, 148, 148, "v:v");
        Fill(table, 149, 153, "vv:v");
        Fill(table, 155, 159, "vv:v");
        Fill(table, 160, 161, "v:v");
        Fill(table, 163, 164, "v:i");
        Fill(table, 167, 170, "v:v");
        Fill(table, 171, 173, "vi:v");
        Fill(table, 174, 174, "vv:v");
        Fill(table, 177, 177, "vv:v");
        Fill(table, 181, 186, "vv:v");
        Fill(table, 188, 191, "vv:v");
        Fill(table, 192, 193, "v:v");
        Fill(table, 195, 196, "v:i");
        Fill(table, 199, 202, "v:v");
        Fill(table, 203, 205, "vi:v");
        Fill(table, 206, 206, "vv:v");
        Fill(table, 209, 209, "vv:v");
        Fill(table, 213, 223, "vv:v");
        Fill(table, 224, 225, "v:v");
        Fill(table, 227, 227, "v:v");
        Fill(table, 228, 235, "vv:v");
        Fill(table, 236, 237, "v:v");
        Fill(table, 239, 239, "v:v");
        Fill(table, 240, 247, "vv:v");
        Fill(table, 248, 255, "v:v");
        Fill(table, 256, 256, "vv:v");
        Fill(table, 257, 260, "v:v");
        Fill(table, 261, 268, "vvv:v");
        Fill(table, 269, 274, "vv:v");
        Fill(table, 275, 275, "vvv:v");
        return table;
    }

    private static void Integer(PlainInstruction?[] table, int first)
    {
        Fill(table, first, first + 2, "vi:v");
        Fill(table, first + 3, first + 8, "vv:v");
    }

    private static void Loads(PlainInstruction?[] table, int at, string list)
    {
        foreach (var item in list.Split(' ')) table[at++] = new([Address], Kind(item[0]), Immediate.Memory, item[1] - '0', 0);
    }

    private static void Stores(PlainInstruction?[] table, int at, string list)
    {
        foreach (var item in list.Split(' ')) table[at++] = new([Address, Kind(item[0])], 0, Immediate.Memory, item[1] - '0', 0);
    }

    private static void Lanes(PlainInstruction?[] table, int at, string list)
    {
        foreach (var item in list.Split(' '))
        {
            var colon = item.IndexOf(':');
            table[at++] = Parse(item[..(colon + 2)]) with { Immediate = Immediate.Lane, Lanes = int.Parse(item[(colon + 2)..]) };
        }
    }

    private static void Fill(PlainInstruction?[] table, int first, int last, string signature)
    {
        var instruction = Parse(signature);
        for (var i = first; i <= last; i++) table[i] = instruction;
    }

    private static PlainInstruction Parse(string signature)
    {
        var colon = signature.IndexOf(':');
        return new([.. signature[..colon].Select(Kind)], Kind(signature[colon + 1]), Immediate.None, 0, 0);
    }

    private static ValueKind Kind(char letter) => letter switch
    {
        'i' => ValueKind.I32,
        'l' => ValueKind.I64,
        'f' => ValueKind.F32,
        'd' => ValueKind.F64,
        'v' => ValueKind.V128,
        'a' => Address,
        _ => throw new ArgumentOutOfRangeException(nameof(letter)),
    };
}

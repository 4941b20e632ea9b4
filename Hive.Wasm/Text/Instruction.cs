namespace Hive.Wasm.Text;

/// <summary>What follows an instruction's mnemonic; names are the specification's words for the immediates.</summary>
internal enum ImmediateKind
{
    None,
    Block,
    Label,
    LabelTable,
    Function,
    FunctionReference,
    CallIndirect,
    Local,
    Global,
    Tag,
    Table,
    TableCopy,
    TableInit,
    Element,
    Memory,
    MemoryCopy,
    MemoryInit,
    Data,
    MemoryArgument,
    MemoryArgumentLane,
    Lane,
    Shuffle,
    I32,
    I64,
    F32,
    F64,
    V128,
    Select,
    HeapType,
    CastType,
    BranchOnCast,
    Type,
    TypeField,
    TypeLength,
    TypeType,
    TypeData,
    TypeElement,
}

/// <summary>
/// One line of the instruction table. <paramref name="Prefix"/> is 0 or the first byte of a two-part opcode;
/// <paramref name="AlignmentLog2"/> is the natural alignment of a memory access.
/// </summary>
internal sealed record Instruction(string Mnemonic, byte Prefix, uint Opcode, ImmediateKind Immediate, int AlignmentLog2, WasmFeatures Feature)
{
    public void WriteOpcode(ByteWriter code)
    {
        if (Prefix == 0)
        {
            code.Byte((byte)Opcode);
        }
        else
        {
            code.Byte(Prefix);
            code.Unsigned(Opcode);
        }
    }
}

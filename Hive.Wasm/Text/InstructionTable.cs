using System.Collections.Frozen;

namespace Hive.Wasm.Text;

/// <summary>
/// The mnemonics of WebAssembly 3.0 with their opcodes and immediates: the specification's appendix "Index of Instructions".
/// A list of names stands for consecutive opcodes; <c>-</c> leaves one out.
/// </summary>
internal static class InstructionTable
{
    /// <summary>The longest mnemonic in the table; longer words need no look-up.</summary>
    public const int LongestMnemonic = 40;

    private const WasmFeatures Plain = WasmFeatures.None;

    private static readonly FrozenDictionary<string, Instruction> ByMnemonic =
        Control().Concat(Memory()).Concat(Numeric()).Concat(References()).Concat(VectorInstructionTable.All())
            .ToFrozenDictionary(i => i.Mnemonic, StringComparer.Ordinal);

    public static IEnumerable<Instruction> All => ByMnemonic.Values;

    public static Instruction? Find(ReadOnlySpan<byte> mnemonic)
    {
        if (mnemonic.Length > LongestMnemonic)
        {
            return null;
        }

        Span<char> name = stackalloc char[mnemonic.Length];
        for (var i = 0; i < name.Length; i++)
        {
            name[i] = (char)mnemonic[i];
        }

        return ByMnemonic.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var instruction) ? instruction : null;
    }

    internal static IEnumerable<Instruction> Sequence(
        byte prefix, uint first, ImmediateKind immediate, string mnemonics, WasmFeatures feature = WasmFeatures.None, int alignmentLog2 = 0) =>
        mnemonics.Split(' ').Select((name, i) => new Instruction(name, prefix, first + (uint)i, immediate, alignmentLog2, feature))
            .Where(i => i.Mnemonic != "-");

    private static IEnumerable<Instruction> Control() =>
    [
        .. Sequence(0, 0x00, ImmediateKind.None, "unreachable nop"),
        .. Sequence(0, 0x02, ImmediateKind.Block, "block loop if"),
        .. Sequence(0, 0x08, ImmediateKind.Tag, "throw", WasmFeatures.Exceptions),
        .. Sequence(0, 0x0A, ImmediateKind.None, "throw_ref", WasmFeatures.Exceptions),
        .. Sequence(0, 0x0C, ImmediateKind.Label, "br br_if"),
        .. Sequence(0, 0x0E, ImmediateKind.LabelTable, "br_table"),
        .. Sequence(0, 0x0F, ImmediateKind.None, "return"),
        .. Sequence(0, 0x10, ImmediateKind.Function, "call"),
        .. Sequence(0, 0x11, ImmediateKind.CallIndirect, "call_indirect"),
        .. Sequence(0, 0x12, ImmediateKind.Function, "return_call", WasmFeatures.TailCalls),
        .. Sequence(0, 0x13, ImmediateKind.CallIndirect, "return_call_indirect", WasmFeatures.TailCalls),
        .. Sequence(0, 0x14, ImmediateKind.Type, "call_ref return_call_ref", WasmFeatures.FunctionReferences),
        .. Sequence(0, 0x1A, ImmediateKind.None, "drop"),
        .. Sequence(0, 0x1B, ImmediateKind.Select, "select"),
        .. Sequence(0, 0x1F, ImmediateKind.Block, "try_table", WasmFeatures.Exceptions),
        .. Sequence(0, 0x20, ImmediateKind.Local, "local.get local.set local.tee"),
        .. Sequence(0, 0x23, ImmediateKind.Global, "global.get global.set"),
    ];

    private static IEnumerable<Instruction> Memory() =>
    [
        .. Sequence(0, 0x25, ImmediateKind.Table, "table.get table.set"),
        .. Access(0x28, 2, "i32.load"),
        .. Access(0x29, 3, "i64.load"),
        .. Access(0x2A, 2, "f32.load"),
        .. Access(0x2B, 3, "f64.load"),
        .. Access(0x2C, 0, "i32.load8_s i32.load8_u"),
        .. Access(0x2E, 1, "i32.load16_s i32.load16_u"),
        .. Access(0x30, 0, "i64.load8_s i64.load8_u"),
        .. Access(0x32, 1, "i64.load16_s i64.load16_u"),
        .. Access(0x34, 2, "i64.load32_s i64.load32_u"),
        .. Access(0x36, 2, "i32.store"),
        .. Access(0x37, 3, "i64.store"),
        .. Access(0x38, 2, "f32.store"),
        .. Access(0x39, 3, "f64.store"),
        .. Access(0x3A, 0, "i32.store8"),
        .. Access(0x3B, 1, "i32.store16"),
        .. Access(0x3C, 0, "i64.store8"),
        .. Access(0x3D, 1, "i64.store16"),
        .. Access(0x3E, 2, "i64.store32"),
        .. Sequence(0, 0x3F, ImmediateKind.Memory, "memory.size memory.grow"),
        .. Sequence(0xFC, 8, ImmediateKind.MemoryInit, "memory.init"),
        .. Sequence(0xFC, 9, ImmediateKind.Data, "data.drop"),
        .. Sequence(0xFC, 10, ImmediateKind.MemoryCopy, "memory.copy"),
        .. Sequence(0xFC, 11, ImmediateKind.Memory, "memory.fill"),
        .. Sequence(0xFC, 12, ImmediateKind.TableInit, "table.init"),
        .. Sequence(0xFC, 13, ImmediateKind.Element, "elem.drop"),
        .. Sequence(0xFC, 14, ImmediateKind.TableCopy, "table.copy"),
        .. Sequence(0xFC, 15, ImmediateKind.Table, "table.grow table.size table.fill"),
    ];

    private static IEnumerable<Instruction> Access(uint first, int alignmentLog2, string mnemonics) =>
        Sequence(0, first, ImmediateKind.MemoryArgument, mnemonics, Plain, alignmentLog2);

    private static IEnumerable<Instruction> Numeric() =>
    [
        .. Sequence(0, 0x41, ImmediateKind.I32, "i32.const"),
        .. Sequence(0, 0x42, ImmediateKind.I64, "i64.const"),
        .. Sequence(0, 0x43, ImmediateKind.F32, "f32.const"),
        .. Sequence(0, 0x44, ImmediateKind.F64, "f64.const"),
        .. Sequence(
            0, 0x45, ImmediateKind.None,
            "i32.eqz i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u "
            + "i64.eqz i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u "
            + "f32.eq f32.ne f32.lt f32.gt f32.le f32.ge f64.eq f64.ne f64.lt f64.gt f64.le f64.ge "
            + "i32.clz i32.ctz i32.popcnt i32.add i32.sub i32.mul i32.div_s i32.div_u i32.rem_s i32.rem_u "
            + "i32.and i32.or i32.xor i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr "
            + "i64.clz i64.ctz i64.popcnt i64.add i64.sub i64.mul i64.div_s i64.div_u i64.rem_s i64.rem_u "
            + "i64.and i64.or i64.xor i64.shl i64.shr_s i64.shr_u i64.rotl i64.rotr "
            + "f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt f32.add f32.sub f32.mul f32.div f32.min f32.max f32.copysign "
            + "f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest f64.sqrt f64.add f64.sub f64.mul f64.div f64.min f64.max f64.copysign "
            + "i32.wrap_i64 i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u i64.extend_i32_s i64.extend_i32_u "
            + "i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u "
            + "f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u f32.demote_f64 "
            + "f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u f64.promote_f32 "
            + "i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64 "
            + "i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s"),
        .. Sequence(
            0xFC, 0, ImmediateKind.None,
            "i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u "
            + "i64.trunc_sat_f32_s i64.trunc_sat_f32_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u"),
    ];

    private static IEnumerable<Instruction> References() =>
    [
        .. Sequence(0, 0xD0, ImmediateKind.HeapType, "ref.null"),
        .. Sequence(0, 0xD1, ImmediateKind.None, "ref.is_null"),
        .. Sequence(0, 0xD2, ImmediateKind.FunctionReference, "ref.func"),
        .. Sequence(0, 0xD3, ImmediateKind.None, "ref.eq", WasmFeatures.GarbageCollection),
        .. Sequence(0, 0xD4, ImmediateKind.None, "ref.as_non_null", WasmFeatures.FunctionReferences),
        .. Sequence(0, 0xD5, ImmediateKind.Label, "br_on_null br_on_non_null", WasmFeatures.FunctionReferences),
        .. Collected(0, ImmediateKind.Type, "struct.new struct.new_default"),
        .. Collected(2, ImmediateKind.TypeField, "struct.get struct.get_s struct.get_u struct.set"),
        .. Collected(6, ImmediateKind.Type, "array.new array.new_default"),
        .. Collected(8, ImmediateKind.TypeLength, "array.new_fixed"),
        .. Collected(9, ImmediateKind.TypeData, "array.new_data"),
        .. Collected(10, ImmediateKind.TypeElement, "array.new_elem"),
        .. Collected(11, ImmediateKind.Type, "array.get array.get_s array.get_u array.set"),
        .. Collected(15, ImmediateKind.None, "array.len"),
        .. Collected(16, ImmediateKind.Type, "array.fill"),
        .. Collected(17, ImmediateKind.TypeType, "array.copy"),
        .. Collected(18, ImmediateKind.TypeData, "array.init_data"),
        .. Collected(19, ImmediateKind.TypeElement, "array.init_elem"),
        .. Collected(20, ImmediateKind.CastType, "ref.test"),
        .. Collected(22, ImmediateKind.CastType, "ref.cast"),
        .. Collected(24, ImmediateKind.BranchOnCast, "br_on_cast br_on_cast_fail"),
        .. Collected(26, ImmediateKind.None, "any.convert_extern extern.convert_any ref.i31 i31.get_s i31.get_u"),
    ];

    private static IEnumerable<Instruction> Collected(uint first, ImmediateKind immediate, string mnemonics) =>
        Sequence(0xFB, first, immediate, mnemonics, WasmFeatures.GarbageCollection);
}

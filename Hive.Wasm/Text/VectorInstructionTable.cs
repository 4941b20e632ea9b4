namespace Hive.Wasm.Text;

/// <summary>The vector part of <see cref="InstructionTable"/>: opcodes after the prefix 0xFD.</summary>
internal static class VectorInstructionTable
{
    private const byte Prefix = 0xFD;

    public static IEnumerable<Instruction> All() =>
        Memory().Concat(Lanes()).Concat(Comparisons()).Concat(Integers()).Concat(Floats()).Concat(Relaxed());

    private static IEnumerable<Instruction> Memory() =>
    [
        .. Access(0, 4, "v128.load"),
        .. Access(1, 3, "v128.load8x8_s v128.load8x8_u v128.load16x4_s v128.load16x4_u v128.load32x2_s v128.load32x2_u"),
        .. Access(7, 0, "v128.load8_splat"),
        .. Access(8, 1, "v128.load16_splat"),
        .. Access(9, 2, "v128.load32_splat"),
        .. Access(10, 3, "v128.load64_splat"),
        .. Access(11, 4, "v128.store"),
        .. LaneAccess(84, 0, "v128.load8_lane"),
        .. LaneAccess(85, 1, "v128.load16_lane"),
        .. LaneAccess(86, 2, "v128.load32_lane"),
        .. LaneAccess(87, 3, "v128.load64_lane"),
        .. LaneAccess(88, 0, "v128.store8_lane"),
        .. LaneAccess(89, 1, "v128.store16_lane"),
        .. LaneAccess(90, 2, "v128.store32_lane"),
        .. LaneAccess(91, 3, "v128.store64_lane"),
        .. Access(92, 2, "v128.load32_zero"),
        .. Access(93, 3, "v128.load64_zero"),
    ];

    private static IEnumerable<Instruction> Lanes() =>
    [
        .. Sequence(12, ImmediateKind.V128, "v128.const"),
        .. Sequence(13, ImmediateKind.Shuffle, "i8x16.shuffle"),
        .. Sequence(14, ImmediateKind.None, "i8x16.swizzle i8x16.splat i16x8.splat i32x4.splat i64x2.splat f32x4.splat f64x2.splat"),
        .. Sequence(
            21, ImmediateKind.Lane,
            "i8x16.extract_lane_s i8x16.extract_lane_u i8x16.replace_lane i16x8.extract_lane_s i16x8.extract_lane_u i16x8.replace_lane "
            + "i32x4.extract_lane i32x4.replace_lane i64x2.extract_lane i64x2.replace_lane "
            + "f32x4.extract_lane f32x4.replace_lane f64x2.extract_lane f64x2.replace_lane"),
    ];

    private static IEnumerable<Instruction> Comparisons() =>
    [
        .. Shape("i8x16", 35, "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u"),
        .. Shape("i16x8", 45, "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u"),
        .. Shape("i32x4", 55, "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u"),
        .. Shape("f32x4", 65, "eq ne lt gt le ge"),
        .. Shape("f64x2", 71, "eq ne lt gt le ge"),
        .. Shape("i64x2", 214, "eq ne lt_s gt_s le_s ge_s"),
        .. Shape("v128", 77, "not and andnot or xor bitselect any_true"),
    ];

    private static IEnumerable<Instruction> Integers() =>
    [
        .. Shape("i8x16", 96, "abs neg popcnt all_true bitmask narrow_i16x8_s narrow_i16x8_u"),
        .. Shape("i8x16", 107, "shl shr_s shr_u add add_sat_s add_sat_u sub sub_sat_s sub_sat_u"),
        .. Shape("i8x16", 118, "min_s min_u max_s max_u"),
        .. Shape("i8x16", 123, "avgr_u"),
        .. Shape("i16x8", 124, "extadd_pairwise_i8x16_s extadd_pairwise_i8x16_u"),
        .. Shape("i32x4", 126, "extadd_pairwise_i16x8_s extadd_pairwise_i16x8_u"),
        .. Shape("i16x8", 128, "abs neg q15mulr_sat_s all_true bitmask narrow_i32x4_s narrow_i32x4_u"),
        .. Shape("i16x8", 135, "extend_low_i8x16_s extend_high_i8x16_s extend_low_i8x16_u extend_high_i8x16_u"),
        .. Shape("i16x8", 139, "shl shr_s shr_u add add_sat_s add_sat_u sub sub_sat_s sub_sat_u"),
        .. Shape("i16x8", 149, "mul min_s min_u max_s max_u - avgr_u"),
        .. Shape("i16x8", 156, "extmul_low_i8x16_s extmul_high_i8x16_s extmul_low_i8x16_u extmul_high_i8x16_u"),
        .. Shape("i32x4", 160, "abs neg - all_true bitmask"),
        .. Shape("i32x4", 167, "extend_low_i16x8_s extend_high_i16x8_s extend_low_i16x8_u extend_high_i16x8_u"),
        .. Shape("i32x4", 171, "shl shr_s shr_u add - - sub - - - mul min_s min_u max_s max_u dot_i16x8_s"),
        .. Shape("i32x4", 188, "extmul_low_i16x8_s extmul_high_i16x8_s extmul_low_i16x8_u extmul_high_i16x8_u"),
        .. Shape("i64x2", 192, "abs neg - all_true bitmask"),
        .. Shape("i64x2", 199, "extend_low_i32x4_s extend_high_i32x4_s extend_low_i32x4_u extend_high_i32x4_u"),
        .. Shape("i64x2", 203, "shl shr_s shr_u add - - sub - - - mul"),
        .. Shape("i64x2", 220, "extmul_low_i32x4_s extmul_high_i32x4_s extmul_low_i32x4_u extmul_high_i32x4_u"),
    ];

    private static IEnumerable<Instruction> Floats() =>
    [
        .. Shape("f32x4", 94, "demote_f64x2_zero"),
        .. Shape("f64x2", 95, "promote_low_f32x4"),
        .. Shape("f32x4", 103, "ceil floor trunc nearest"),
        .. Shape("f64x2", 116, "ceil floor"),
        .. Shape("f64x2", 122, "trunc"),
        .. Shape("f64x2", 148, "nearest"),
        .. Shape("f32x4", 224, "abs neg - sqrt add sub mul div min max pmin pmax"),
        .. Shape("f64x2", 236, "abs neg - sqrt add sub mul div min max pmin pmax"),
        .. Shape("i32x4", 248, "trunc_sat_f32x4_s trunc_sat_f32x4_u"),
        .. Shape("f32x4", 250, "convert_i32x4_s convert_i32x4_u"),
        .. Shape("i32x4", 252, "trunc_sat_f64x2_s_zero trunc_sat_f64x2_u_zero"),
        .. Shape("f64x2", 254, "convert_low_i32x4_s convert_low_i32x4_u"),
    ];

    private static IEnumerable<Instruction> Relaxed() => InstructionTable.Sequence(
        Prefix, 0x100, ImmediateKind.None,
        "i8x16.relaxed_swizzle i32x4.relaxed_trunc_f32x4_s i32x4.relaxed_trunc_f32x4_u i32x4.relaxed_trunc_f64x2_s_zero "
        + "i32x4.relaxed_trunc_f64x2_u_zero f32x4.relaxed_madd f32x4.relaxed_nmadd f64x2.relaxed_madd f64x2.relaxed_nmadd "
        + "i8x16.relaxed_laneselect i16x8.relaxed_laneselect i32x4.relaxed_laneselect i64x2.relaxed_laneselect "
        + "f32x4.relaxed_min f32x4.relaxed_max f64x2.relaxed_min f64x2.relaxed_max i16x8.relaxed_q15mulr_s "
        + "i16x8.relaxed_dot_i8x16_i7x16_s i32x4.relaxed_dot_i8x16_i7x16_add_s",
        WasmFeatures.RelaxedSimd);

    private static IEnumerable<Instruction> Shape(string shape, uint first, string names) =>
        Sequence(first, ImmediateKind.None, string.Join(' ', names.Split(' ').Select(n => n == "-" ? n : $"{shape}.{n}")));

    private static IEnumerable<Instruction> Sequence(uint first, ImmediateKind immediate, string mnemonics) =>
        InstructionTable.Sequence(Prefix, first, immediate, mnemonics);

    private static IEnumerable<Instruction> Access(uint first, int alignmentLog2, string mnemonics) =>
        InstructionTable.Sequence(Prefix, first, ImmediateKind.MemoryArgument, mnemonics, alignmentLog2: alignmentLog2);

    private static IEnumerable<Instruction> LaneAccess(uint first, int alignmentLog2, string mnemonics) =>
        InstructionTable.Sequence(Prefix, first, ImmediateKind.MemoryArgumentLane, mnemonics, alignmentLog2: alignmentLog2);
}

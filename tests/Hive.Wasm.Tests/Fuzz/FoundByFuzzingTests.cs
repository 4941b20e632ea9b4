using Hive.Wasm.Text;

namespace Hive.Wasm.Tests.Fuzz;

/// <summary>What generated modules and the reports of the JIT's faults brought to light, each as small as it could be made.</summary>
public class FoundByFuzzingTests
{
    [Theory]
    [InlineData("i32.const 24 i32.rotl")]
    [InlineData("i32.const -40 i32.rotl local.set 0 local.get 0")]
    [InlineData("i32.const 1 i32.rotr")]
    [InlineData("(block (param i32) (result i32) i32.const 3 i32.rotl)")]
    [InlineData("i32.const 5 i32.shl (i32.shr_u (local.get 0) (i32.const 27)) i32.or")]
    public void A_rotated_zero_is_zero_in_every_test(string rotate)
    {
        var body = $"(local.get 0) {rotate}";
        var instance = Instantiate($"""
            (module
              (func (export "if") (param i32) (result i32) {body} if (result i32) i32.const 1 else i32.const 0 end)
              (func (export "eqz") (param i32) (result i32) {body} i32.eqz i32.eqz)
              (func (export "eq") (param i32) (result i32) (i32.const 0) {body} i32.ne)
              (func (export "lt") (param i32) (result i32) {body} (i32.const 1) i32.ge_u)
              (func (export "select") (param i32) (result i32) (i32.const 1) (i32.const 0) {body} select)
              (func (export "br_if") (param i32) (result i32) (i32.const 1) {body} br_if 0 drop i32.const 0)
              (func (export "br_table") (param i32) (result i32)
                block block {body} br_table 0 1 end i32.const 0 return end i32.const 1)
              (func (export "wide") (param i32) (result i32)
                (local.get 0) i64.extend_i32_u i64.const 7 i64.rotl i64.eqz i32.eqz))
            """);
        foreach (var export in instance.Exports)
        {
            var test = instance.GetFunction<int, int>(export.Name)!;
            Assert.Equal((0, 1), (test(0), test(1)));
        }
    }

    [Theory]
    [InlineData("i32.const -1730210170 i32.const 99 i32.rotl")]
    [InlineData("i32.const -1730210170 local.set 1 local.get 1 i32.const 3 i32.rotl")]
    [InlineData("i32.const -1730210170 i32.const 29 i32.rotr")]
    public void A_rotated_constant_keeps_its_sign(string rotated)
    {
        var instance = Instantiate($"(module (func (export \"f\") (param i32) (result i32) (local i32) {rotated} local.get 0 i32.rem_s))");
        Assert.Equal(-956_779_468 % 1000, instance.GetFunction<int, int>("f")!(1000));
        Assert.Equal(0, instance.GetFunction<int, int>("f")!(1));
    }

    [Theory]
    [InlineData("(f32.min (f32.const -0) (local.get 0))", 0x8000_0000u)]
    [InlineData("(f32.min (local.get 0) (f32.const -0))", 0x8000_0000u)]
    [InlineData("(f32.max (f32.const 0) (f32.neg (local.get 0)))", 0u)]
    [InlineData("(f32.demote_f64 (f64.min (f64.const -0) (f64.promote_f32 (local.get 0))))", 0x8000_0000u)]
    [InlineData("(f32x4.extract_lane 0 (f32x4.min (v128.const f32x4 nan 3 -0 0) (f32x4.splat (local.get 0))))", 0x7FC0_0000u)]
    [InlineData("(f32x4.extract_lane 0 (f32x4.max (f32x4.splat (local.get 0)) (v128.const f32x4 nan 3 -0 0)))", 0x7FC0_0000u)]
    [InlineData("(f32x4.extract_lane 2 (f32x4.min (v128.const f32x4 nan 3 -0 0) (f32x4.splat (local.get 0))))", 0x8000_0000u)]
    [InlineData("(f32.demote_f64 (f64x2.extract_lane 1 (f64x2.max (v128.const f64x2 1 nan) (f64x2.splat (f64.promote_f32 (local.get 0))))))", 0x7FC0_0000u)]
    public void A_minimum_or_maximum_with_a_constant_keeps_NaNs_and_the_sign_of_zero(string expression, uint bits)
    {
        var instance = Instantiate($"(module (func (export \"f\") (param f32) (result i32) (i32.reinterpret_f32 {expression})))");
        Assert.Equal(bits, (uint)instance.GetFunction<float, int>("f")!(0));
    }

    [Theory]
    [InlineData("(i32.xor (i32.ne (local.get 0) (local.get 1)) (i32.const -1))")]
    [InlineData("(i32.xor (i32.const -1) (local.tee 2 (i32.ne (local.get 0) (local.get 1))))")]
    [InlineData("(local.set 2 (i32.ne (local.get 0) (local.get 1))) (i32.xor (local.get 2) (i32.const -1))")]
    [InlineData("(i32.xor (block (result i32) (i32.ne (local.get 0) (local.get 1))) (i32.const -1))")]
    public void The_complement_of_a_comparison_says_nothing_about_the_comparison(string complement)
    {
        var instance = Instantiate($"""
            (module (func (export "f") (param i32 i32) (result i32) (local i32)
              {complement}
              if (i32.ne (local.get 0) (local.get 1)) if i32.const 1 return end end
              i32.const 0))
            """);
        var differ = instance.GetFunction<int, int, int>("f")!;
        Assert.Equal((0, 1), (differ(3, 3), differ(3, 5)));
    }

    [Fact]
    public void A_division_by_a_rotated_zero_traps_though_its_result_is_dropped()
    {
        var instance = Instantiate("(module (func (export \"f\") (param i32) (drop (i32.div_u (i32.const 1) (i32.rotl (local.get 0) (i32.const 3))))))");
        var divide = instance.GetAction<int>("f")!;
        divide(1);
        Assert.Equal(TrapCode.IntegerDivideByZero, Assert.Throws<TrapException>(() => divide(0)).Code);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(32, 0)]
    [InlineData(64, 0)]
    [InlineData(4, 0x23456781)]
    public void Shifts_joined_by_xor_cancel_where_the_count_is_a_multiple_of_the_width(int count, int expected)
    {
        var instance = Instantiate("""
            (module
              (func (export "tree") (param i32 i32) (result i32)
                (i32.xor (i32.shl (local.get 0) (local.get 1)) (i32.shr_u (local.get 0) (i32.sub (i32.const 32) (local.get 1)))))
              (func (export "locals") (param i32 i32) (result i32) (local i32)
                (local.set 2 (i32.shr_u (local.get 0) (i32.sub (i32.const 32) (local.get 1))))
                (i32.xor (local.get 2) (i32.shl (local.get 0) (local.get 1)))))
            """);
        Assert.Equal(expected, instance.GetFunction<int, int, int>("tree")!(0x12345678, count));
        Assert.Equal(expected, instance.GetFunction<int, int, int>("locals")!(0x12345678, count));
    }

    [Fact]
    public void A_computed_NaN_and_its_negation_differ_in_the_sign()
    {
        var instance = Instantiate("""
            (module
              (func (export "f64") (param f64) (result i64)
                (i64.reinterpret_f64 (f64.neg (f64.sqrt (local.get 0)))))
              (func (export "f32x4") (param f64) (result i64)
                (i64x2.extract_lane 0 (f32x4.neg (f32x4.sqrt (f32x4.splat (f32.demote_f64 (local.get 0))))))))
            """);
        Assert.Equal(unchecked((long)0xFFF8_0000_0000_0000), instance.GetFunction<double, long>("f64")!(-1));
        Assert.Equal(unchecked((long)0xFFC0_0000_FFC0_0000), instance.GetFunction<double, long>("f32x4")!(-1));
    }

    [Theory]
    [InlineData("(v128.const i32x4 0 0x7f800001 0 0)")]
    [InlineData("(i32x4.splat (i32.const 0x7f800001))")]
    [InlineData("(i32x4.replace_lane 1 (v128.const i32x4 0 0 0 0) (i32.const 0x7f800001))")]
    [InlineData("(v128.or (v128.const i32x4 0 0x7f800000 0 0) (v128.const i32x4 0 1 0 0))")]
    [InlineData("(local.tee 0 (v128.const i32x4 0 0x7f800001 0 0))")]
    public void A_signalling_NaN_keeps_its_bits_on_the_way_out_of_a_constant_vector(string vector)
    {
        var instance = Instantiate($"(module (func (export \"f\") (result i32) (local v128) (i32.reinterpret_f32 (f32x4.extract_lane 1 {vector}))))");
        Assert.Equal(0x7F80_0001, instance.GetFunction<int>("f")!());
    }

    private static Instance Instantiate(string text)
    {
        var engine = new Engine();
        return new Linker(engine).Instantiate(new Store(engine), Module.FromBytes(engine, "found", WatCompiler.ToBinary(text)));
    }
}

using Hive.Wasm.Text;

namespace Hive.Wasm.Tests.Text;

public class TextToBinaryTests
{
    private static readonly byte[] Header = [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0];

    [Fact]
    public void An_empty_module_is_the_header_alone() => Assert.Equal(Header, WatCompiler.ToBinary("(module)"));

    [Fact]
    public void A_function_is_encoded_as_the_specification_says()
    {
        byte[] expected =
        [
            .. Header,
            1, 7, 1, 0x60, 2, 0x7F, 0x7F, 1, 0x7F,
            3, 2, 1, 0,
            7, 7, 1, 3, (byte)'a', (byte)'d', (byte)'d', 0, 0,
            10, 9, 1, 7, 0, 0x20, 0, 0x20, 1, 0x6A, 0x0B,
        ];
        Assert.Equal(expected, WatCompiler.ToBinary("""(module (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))"""));
    }

    [Theory]
    [InlineData(
        "(func (param $x i32) (result i32) (if (result i32) (local.get $x) (then (i32.const 1)) (else (i32.const 2))))",
        "(func (param i32) (result i32) local.get 0 if (result i32) i32.const 1 else i32.const 2 end)")]
    [InlineData(
        "(func (block $out (loop $again (br_if $out (i32.const 0)) (br $again))))",
        "(func block loop i32.const 0 br_if 1 br 0 end end)")]
    [InlineData(
        "(memory 1) (func (i32.store offset=4 (i32.const 1) (i32.load8_u (i32.const 2))))",
        "(memory 1) (func i32.const 1 i32.const 2 i32.load8_u offset=0 align=1 i32.store offset=4 align=4)")]
    public void Folded_instructions_are_the_plain_ones_in_another_order(string folded, string plain) =>
        Assert.Equal(WatCompiler.ToBinary(plain), WatCompiler.ToBinary(folded));

    [Theory]
    [InlineData("(func (export \"f\"))", "(func) (export \"f\" (func 0))")]
    [InlineData("(func (import \"m\" \"f\") (param i32))", "(import \"m\" \"f\" (func (param i32)))")]
    [InlineData("(memory (data \"abc\"))", "(memory 1 1) (data (i32.const 0) \"abc\")")]
    [InlineData("(table funcref (elem 0 0)) (func)", "(table 2 2 funcref) (elem (i32.const 0) func 0 0) (func)")]
    [InlineData("(func (param i64) (result f32) unreachable)", "(type (func (param i64) (result f32))) (func (type 0) unreachable)")]
    [InlineData("(func (local i32) (local i32) (local i64))", "(func (local i32 i32 i64))")]
    [InlineData("(elem (i32.const 0) $\"f\") (table 1 funcref) (func $f (@note \"x\" (y)))", "(table 1 funcref) (func $f) (elem (offset i32.const 0) func $f)")]
    [InlineData("(global (ref null func) (ref.null func))", "(global funcref (ref.null func))")]
    [InlineData("(func i32.const 1_000 drop i32.const -0x1 drop)", "(func i32.const 0x3E8 drop i32.const 0xFFFF_FFFF drop)")]
    public void An_abbreviation_means_what_it_stands_for(string abbreviated, string full) =>
        Assert.Equal(WithoutNames(WatCompiler.ToBinary(full)), WithoutNames(WatCompiler.ToBinary(abbreviated)));

    [Fact]
    public void Function_identifiers_survive_in_the_name_section()
    {
        var binary = WatCompiler.ToBinary("(module $lib (func) (func $\"né\"))");
        byte[] expected = [0, 19, 4, (byte)'n', (byte)'a', (byte)'m', (byte)'e', 0, 4, 3, (byte)'l', (byte)'i', (byte)'b', 1, 6, 1, 1, 3, (byte)'n', 0xC3, 0xA9];
        Assert.Equal(expected, binary[^expected.Length..]);
    }

    [Fact]
    public void A_data_count_section_stands_only_where_code_names_a_segment()
    {
        const byte DataCount = 12;
        Assert.DoesNotContain(DataCount, SectionIds(WatCompiler.ToBinary("(memory 1) (data \"a\")")));
        Assert.Contains(DataCount, SectionIds(WatCompiler.ToBinary("(memory 1) (data \"a\") (func (data.drop 0))")));
    }

    [Fact]
    public void Every_mnemonic_of_the_table_has_an_opcode_of_its_own()
    {
        var instructions = InstructionTable.All.ToList();
        Assert.Equal(instructions.Count, instructions.Select(i => (i.Prefix, i.Opcode)).Distinct().Count());
        Assert.All(instructions, i => Assert.True(i.Mnemonic.Length <= InstructionTable.LongestMnemonic));
    }

    private static IEnumerable<byte> SectionIds(byte[] binary) => Sections(binary).Select(s => s[0]);

    private static byte[] WithoutNames(byte[] binary) => [.. Sections(binary).Where(s => s[0] != 0).SelectMany(s => s)];

    private static IEnumerable<byte[]> Sections(byte[] binary)
    {
        for (var i = Header.Length; i < binary.Length;)
        {
            Assert.True(binary[i + 1] < 0x80, "these modules have short sections");
            yield return binary[i..(i + 2 + binary[i + 1])];
            i += 2 + binary[i + 1];
        }
    }
}

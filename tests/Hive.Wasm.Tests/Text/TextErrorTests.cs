using System.Text;
using Hive.Wasm.Text;

namespace Hive.Wasm.Tests.Text;

public class TextErrorTests
{
    [Theory]
    [InlineData("(module\n  (func $f)\n  (func $f))", 3, 9, "duplicate func `$f`")]
    [InlineData("(func (call $g))", 1, 13, "unknown func `$g`")]
    [InlineData("(func (br $l))", 1, 11, "unknown label `$l`")]
    [InlineData("(func block $a end $b)", 1, 20, "mismatching label `$b`")]
    [InlineData("(func i32.const 4294967296)", 1, 17, "constant out of range")]
    [InlineData("(func i32.konst 0)", 1, 7, "unknown operator `i32.konst`")]
    [InlineData("(memory 1) (func i32.const 0 i32.load align=3 drop)", 1, 39, "alignment must be a power of two")]
    [InlineData("(type (func)) (func (type 0) (param i32))", 1, 21, "inline function type")]
    [InlineData("(func) (import \"\" \"\" (func))", 1, 8, "import after function")]
    [InlineData("(start 0) (start 0) (func)", 1, 18, "multiple start sections")]
    [InlineData("(import \"\\ff\" \"\" (func))", 1, 9, "malformed UTF-8 encoding")]
    [InlineData("(data \"\\zz\")", 1, 8, "malformed escape")]
    [InlineData("(data \"\\u{d800}\")", 1, 8, "malformed escape")]
    [InlineData("(func (; never closed", 1, 7, "unclosed comment")]
    [InlineData("(data \"never closed", 1, 7, "unclosed string")]
    [InlineData("(func block)", 1, 7, "this block has no `end`")]
    [InlineData("(func end)", 1, 7, "no block is open")]
    [InlineData("(func (if (i32.const 0)))", 1, 24, "expected `(then`")]
    [InlineData("(func", 1, 6, "a `)` is missing")]
    [InlineData("(module) x", 1, 10, "expected the end of the text")]
    [InlineData("(func (drop nop))", 1, 13, "unexpected token `nop`")]
    [InlineData("(global f32 (f32.const nan:0x0))", 1, 24, "constant out of range")]
    [InlineData("(global f32 (f32.const 3.5e38))", 1, 24, "constant out of range")]
    [InlineData("é", 1, 1, "illegal character")]
    [InlineData("(;é;) é", 1, 7, "illegal character")]
    public void An_error_names_the_place_and_the_rule(string text, int line, int column, string rule)
    {
        var error = Assert.Throws<WasmTextException>(() => WatCompiler.ToBinary(text, "a.wat"));
        Assert.Contains(rule, error.Rule, StringComparison.Ordinal);
        Assert.Equal((line, column, "a.wat"), (error.Line, error.Column, error.Name));
        Assert.Contains($"a.wat:{line}:{column}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_refused_where_they_stand()
    {
        var error = Assert.Throws<WasmTextException>(() => WatCompiler.ToBinary([(byte)'(', (byte)'\n', (byte)';', (byte)';', 0xC0, 0x80]));
        Assert.Equal((2, 3), (error.Line, error.Column));
        Assert.Throws<WasmTextException>(() => WatCompiler.ToBinary(";; \ud800"));
    }

    [Fact]
    public void A_rule_broken_inside_a_function_is_told_with_the_line_of_the_function()
    {
        const string Text = "(module\n  (import \"m\" \"f\" (func))\n  (func $fine)\n  (func $wrong\n    (i32.add)))";
        var error = Assert.Throws<WasmValidationException>(() => Module.FromText(new Engine(), "a.wat", Text));
        Assert.Equal(2, error.Function);
        Assert.Contains("a.wat:4", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(block ", "")]
    [InlineData("(drop ", "")]
    [InlineData("(if (i32.const 0) (then ", "")]
    [InlineData("block ", "")]
    [InlineData("(i32.eqz ", "(i32.const 0)")]
    public void Nesting_has_a_bound_that_is_far_from_the_stack(string opening, string innermost)
    {
        var text = "(func " + string.Concat(Enumerable.Repeat(opening, 100_000)) + innermost;
        var error = Assert.Throws<WasmTextException>(() => WatCompiler.ToBinary(text + new string(')', 100_000 * (opening.Count(c => c == '(') - opening.Count(c => c == ')')))));
        Assert.True(error.Rule.Contains("nesting deeper", StringComparison.Ordinal) || error.Rule.Contains("missing", StringComparison.Ordinal), error.Message);
    }

    [Fact]
    public void Comments_annotations_and_parentheses_nest_without_a_stack()
    {
        const int Depth = 1_000_000;
        Assert.NotEmpty(WatCompiler.ToBinary(string.Concat(Enumerable.Repeat("(;", Depth)) + string.Concat(Enumerable.Repeat(";)", Depth)) + "(module)"));
        Assert.NotEmpty(WatCompiler.ToBinary("(@a" + new string('(', Depth) + new string(')', Depth) + ")(module)"));
        Assert.Throws<WasmTextException>(() => WatCompiler.ToBinary(new string('(', Depth)));
        Assert.Throws<WasmTextException>(() => WatCompiler.ToBinary("(func " + new string('(', Depth)));
    }

    [Fact]
    public void A_text_over_the_bound_is_refused_unread()
    {
        var error = Assert.Throws<WasmTextException>(() => WatCompiler.ToBinary(new byte[TextSource.MaximumLength + 1]));
        Assert.Contains("67108864", error.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_text_is_translated_or_refused_but_never_anything_else()
    {
        const int Seed = 20_261;
        const string Sample = """
            (module $m (@id "x") (type $t (func (param i32) (result i32))) (import "a" "b" (func $imp (type $t)))
              (memory (export "mem") 1 2) (table $tab 4 funcref) (global $g (mut f64) (f64.const -0x1.8p3))
              (elem (table $tab) (offset i32.const 1) funcref (ref.func $f) (item ref.null func)) (data $d "a\u{e9}\00")
              (func $f (export "f") (param $x i32) (result i32) (local $v v128)
                (block $out (result i32)
                  (local.set $v (v128.const f32x4 1 nan:0x7 inf -0.5e-3))
                  (br_table $out 0 (local.get $x) (i32x4.extract_lane 2 (local.get $v))))
                if (result i32) i32.const 0x7fff_ffff else (call_indirect $tab (type $t) (i32.const 1) (i32.const 2)) end
                (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)) (i32.load offset=4 align=2)))
            """;
        var random = new Random(Seed);
        var refused = 0;
        for (var run = 0; run < 20_000; run++)
        {
            var text = Encoding.UTF8.GetBytes(Sample).ToList();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(text.Count);
                switch (random.Next(4))
                {
                    case 0:
                        text[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        text.RemoveRange(at, Math.Min(random.Next(1, 9), text.Count - at - 1));
                        break;
                    case 2:
                        text.Insert(at, (byte)"()\"$;@\\0 "[random.Next(9)]);
                        break;
                    default:
                        var from = random.Next(text.Count);
                        text.InsertRange(at, text.GetRange(from, Math.Min(random.Next(1, 30), text.Count - from)));
                        break;
                }
            }

            try
            {
                WatCompiler.ToBinary(text.ToArray());
            }
            catch (WasmTextException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 19_999);
    }
}

using System.Text;
using Hive.Wasm.Spec;

namespace Hive.Wasm.Tests.Spec;

public class SpecRunnerTests
{
    [Fact]
    public void A_script_whose_assertions_hold_passes_command_by_command()
    {
        var result = Run("""
            (module $lib (func (export "inc") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
              (global (export "g") f64 (f64.const 0x1p-1)))
            (register "lib" $lib)
            (module (import "lib" "inc" (func $inc (param i32) (result i32)))
              (func (export "twice") (param i32) (result i32 f32) (call $inc (call $inc (local.get 0))) (f32.const nan:0x200000))
              (func (export "div") (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0))))
            (assert_return (invoke "twice" (i32.const 5)) (i32.const 7) (f32.const nan:0x200000))
            (assert_return (invoke $lib "inc" (i32.const -1)) (either (i32.const 9) (i32.const 0)))
            (assert_return (get $lib "g") (f64.const 0.5))
            (assert_trap (invoke "div" (i32.const 0)) "integer divide by zero")
            (assert_malformed (module quote "(func (i32.const 0x))") "unknown operator")
            (assert_malformed (module binary "\00asm" "\02\00\00\00") "unknown binary version")
            (assert_invalid (module (func (result i32))) "type mismatch")
            (assert_unlinkable (module (import "lib" "inc" (func))) "incompatible import type")
            (assert_trap (module (func $s unreachable) (start $s)) "unreachable")
            """);
        Assert.Empty(result.Failures);
        Assert.Equal((12, 0, 0), (result.Passed, result.Failed, result.Skipped));
    }

    [Theory]
    [InlineData("(assert_return (invoke \"f\") (i32.const 8))", "returned [i32:7], expected [I32 8]")]
    [InlineData("(assert_return (invoke \"f\"))", "returned [i32:7], expected []")]
    [InlineData("(assert_return (invoke \"f\") (i64.const 7))", "expected [I64 7]")]
    [InlineData("(assert_return (invoke \"nan\") (f32.const nan:canonical))", "CanonicalNan")]
    [InlineData("(assert_return (invoke \"no\"))", "no function \"no\" is exported")]
    [InlineData("(assert_trap (invoke \"f\") \"unreachable\")", "returned [i32:7], expected Trap")]
    [InlineData("(assert_trap (invoke \"stop\") \"integer overflow\")", "came TrapException")]
    [InlineData("(assert_exhaustion (invoke \"stop\") \"call stack exhausted\")", "expected Exhaustion")]
    [InlineData("(assert_exception (invoke \"f\"))", "expected Exception")]
    [InlineData("(assert_malformed (module quote \"(func)\") \"unknown operator\")", "the module is accepted")]
    [InlineData("(assert_malformed (module quote \"(func (result i32))\") \"unknown operator\")", "came WasmValidationException")]
    [InlineData("(assert_invalid (module (func)) \"type mismatch\")", "the module is accepted")]
    [InlineData("(assert_invalid (module quote \"(func\") \"type mismatch\")", "came WasmTextException")]
    [InlineData("(assert_unlinkable (module) \"unknown import\")", "the module was instantiated")]
    [InlineData("(module (func (call 7)))", "the module is refused")]
    [InlineData("(module (import \"no\" \"no\" (func)))", "the module cannot be instantiated")]
    [InlineData("(invoke \"stop\")", "unreachable")]
    [InlineData("(register \"x\" $nobody)", "there is no $nobody")]
    public void A_command_that_does_not_hold_fails_with_its_line_and_what_came(string command, string reason)
    {
        var result = Run("""
            (module (func (export "f") (result i32) (i32.const 7)) (func (export "stop") unreachable)
              (func (export "nan") (result f32) (f32.const nan:0x1)))

            """ + command);
        var failure = Assert.Single(result.Failures);
        Assert.Equal((1, 0, 3), (result.Passed, result.Skipped, failure.Line));
        Assert.Contains(reason, failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_needs_an_unsupported_proposal_is_skipped_with_the_reason_and_nothing_else_is()
    {
        var result = Run("""
            (module $gc (type $s (struct (field i32))) (func (export "f") (result i32) (struct.get $s 0 (struct.new $s (i32.const 1)))))
            (assert_return (invoke "f") (i32.const 1))
            (register "gc" $gc)
            (module (import "gc" "f" (func (result i32))))
            (assert_invalid (module (type $s (struct)) (func (struct.new $s (i32.const 1)))) "type mismatch")
            (module (func (export "f") (result i32) (i32.const 1)))
            (assert_return (invoke "f") (i32.const 1))
            """);
        Assert.Empty(result.Failures);
        Assert.Equal((2, 5), (result.Passed, result.Skipped));
        Assert.All(result.Skips, s => Assert.Contains("garbage collection", s.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_script_that_breaks_off_keeps_what_it_did_and_says_where_it_broke()
    {
        var result = Run("(module)\n(module)\n(assert_nothing)");
        Assert.Equal(2, result.Passed);
        var failure = Assert.Single(result.Failures);
        Assert.Equal(3, failure.Line);
        Assert.Contains("assert_nothing", failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Definitions_are_instantiated_anew_each_time()
    {
        var result = Run("""
            (module definition $D (global $g (export "g") (mut i32) (i32.const 0)) (func (export "inc") (global.set $g (i32.const 1))))
            (module instance $A $D)
            (module instance $B $D)
            (invoke $A "inc")
            (assert_return (get $A "g") (i32.const 1))
            (assert_return (get $B "g") (i32.const 0))
            """);
        Assert.Empty(result.Failures);
        Assert.Equal(6, result.Passed);
    }

    [Fact]
    public void A_cancelled_script_stops_even_in_an_endless_loop()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        var script = Encoding.UTF8.GetBytes("(module (func (export \"f\") (loop (br 0)))) (invoke \"f\")");
        Assert.ThrowsAny<OperationCanceledException>(() => SpecRunner.Run(script, "loop.wast", cancellation.Token));
    }

    private static SpecFileResult Run(string script) =>
        SpecRunner.Run(Encoding.UTF8.GetBytes(script), "script.wast", TestContext.Current.CancellationToken);
}

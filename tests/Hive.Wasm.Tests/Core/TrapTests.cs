namespace Hive.Wasm.Tests.Core;

public sealed class TrapTests
{
    private const string Traps = """
        (module
          (memory 1)
          (table 2 funcref)
          (elem (i32.const 0) $other)
          (type $none (func))
          (func $other (param i32))
          (func $deep (export "unreachable") (call $deeper))
          (func $deeper (unreachable))
          (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
          (func (export "store") (param i32) (i64.store offset=4294967295 (local.get 0) (i64.const 1)))
          (func (export "div") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
          (func (export "trunc") (param f64) (result i32) (i32.trunc_f64_s (local.get 0)))
          (func (export "call") (param i32) (call_indirect (type $none) (local.get 0)))
          (func (export "get") (param i32) (result funcref) (table.get (local.get 0))))
        """;

    [Fact]
    public void A_trap_says_what_trapped_and_in_which_function()
    {
        using var guest = Guest.Of(Traps);
        var trap = guest.Trap("unreachable");
        Assert.Equal(TrapCode.Unreachable, trap.Code);
        Assert.Equal(2, trap.FunctionIndex);
        Assert.Contains("unreachable, in function 2", trap.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backtrace_lists_the_guest_functions_innermost_first()
    {
        using var guest = Guest.Of("""(module (func $f (export "f") (call $g) (nop)) (func $g (call $h) (nop)) (func $h (call $h2) (nop)) (func $h2 (unreachable)))""");
        var trap = guest.Trap("f");
        Assert.Equal("Guest.guest[0] f", trap.Backtrace[^1]);
        Assert.All(trap.Backtrace, frame => Assert.StartsWith("Guest.guest[", frame, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("load", 65533, TrapCode.MemoryOutOfBounds)]
    [InlineData("load", -1, TrapCode.MemoryOutOfBounds)]
    [InlineData("store", 0, TrapCode.MemoryOutOfBounds)]
    [InlineData("store", -1, TrapCode.MemoryOutOfBounds)]
    [InlineData("call", 0, TrapCode.IndirectCallTypeMismatch)]
    [InlineData("call", 1, TrapCode.UninitializedElement)]
    [InlineData("call", 2, TrapCode.UndefinedElement)]
    [InlineData("get", -1, TrapCode.TableOutOfBounds)]
    public void Access_out_of_bounds_traps(string function, int argument, TrapCode expected)
    {
        using var guest = Guest.Of(Traps);
        Assert.Equal(expected, guest.Trap(function, argument).Code);
    }

    [Fact]
    public void The_last_bytes_of_a_memory_can_be_read()
    {
        using var guest = Guest.Of(Traps);
        Assert.Equal(0, guest.Call("load", 65532)[0].AsInt32());
    }

    [Theory]
    [InlineData(1, 0, TrapCode.IntegerDivideByZero)]
    [InlineData(int.MinValue, -1, TrapCode.IntegerOverflow)]
    public void Division_without_a_result_traps(int dividend, int divisor, TrapCode expected)
    {
        using var guest = Guest.Of(Traps);
        Assert.Equal(expected, guest.Trap("div", dividend, divisor).Code);
    }

    [Theory]
    [InlineData(double.NaN, TrapCode.InvalidConversionToInteger)]
    [InlineData(2147483648.0, TrapCode.IntegerOverflow)]
    [InlineData(double.NegativeInfinity, TrapCode.IntegerOverflow)]
    public void Conversion_of_what_no_integer_is_traps(double value, TrapCode expected)
    {
        using var guest = Guest.Of(Traps);
        Assert.Equal(expected, guest.Trap("trunc", value).Code);
    }

    [Fact]
    public void Guest_code_cannot_catch_a_trap()
    {
        using var guest = Guest.Of("""(module (func (export "f") (block $all (try_table (catch_all $all) (unreachable)))))""");
        Assert.Equal(TrapCode.Unreachable, guest.Trap("f").Code);
    }

    [Fact]
    public void An_instance_goes_on_after_a_trap()
    {
        using var guest = Guest.Of(Traps);
        guest.Trap("unreachable");
        Assert.Equal(3, guest.Call("div", 7, 2)[0].AsInt32());
    }
}

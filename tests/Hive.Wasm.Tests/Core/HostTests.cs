namespace Hive.Wasm.Tests.Core;

public sealed class HostTests
{
    [Fact]
    public void A_host_function_takes_and_returns_typed_values()
    {
        using var guest = Guest.Of(
            """
            (module
              (import "host" "mix" (func $mix (param i32 i64 f32 f64) (result f64)))
              (func (export "run") (result f64) (call $mix (i32.const 1) (i64.const 2) (f32.const 0.5) (f64.const 0.25))))
            """,
            link: linker => linker.DefineFunction("host", "mix", (int a, long b, float c, double d) => a + b + c + d));
        Assert.Equal(3.75, guest.Call("run")[0].AsDouble());
    }

    [Fact]
    public void A_tuple_becomes_several_results()
    {
        using var guest = Guest.Of(
            """
            (module
              (import "host" "split" (func $split (param i64) (result i32 i32 externref)))
              (func (export "run") (param i64) (result i32 i32 externref) (call $split (local.get 0))))
            """,
            link: linker => linker.DefineFunction("host", "split", (long value) => ((int)value, (int)(value >> 32), (object)"kept")));
        var results = guest.Call("run", 0x5_0000_0007L);
        Assert.Equal([7, 5, "kept"], results.Select(result => result.ToObject()));
    }

    [Fact]
    public void A_caller_reaches_the_memory_of_the_instance_that_calls()
    {
        var heard = "";
        using var guest = Guest.Of(
            """
            (module (import "host" "say" (func $say (param i32 i32))) (memory (export "memory") 1) (data (i32.const 8) "hello")
              (func (export "run") (call $say (i32.const 8) (i32.const 5))))
            """,
            link: linker => linker.DefineFunction("host", "say", (Caller caller, int at, int length) => { heard = caller.GetMemory("memory")!.ReadString(at, length); }));
        guest.Call("run");
        Assert.Equal("hello", heard);
    }

    [Fact]
    public void An_exception_of_the_host_passes_through_the_guest_as_it_is()
    {
        using var guest = Guest.Of(
            """(module (import "host" "fail" (func $fail)) (func (export "run") (block $all (try_table (catch_all $all) (call $fail)))))""",
            link: linker => linker.DefineFunction("host", "fail", (Action)(() => throw new InvalidTimeZoneException("mine"))));
        Assert.Equal("mine", Assert.Throws<InvalidTimeZoneException>(() => guest.Call("run")).Message);
    }

    [Fact]
    public void A_host_function_may_call_back_and_the_depth_goes_on()
    {
        Guest? guest = null;
        using (guest = Guest.Of(
            """(module (import "host" "again" (func $again)) (func (export "run") (call $again)))""",
            link: linker => linker.DefineFunction("host", "again", () => { guest!.Call("run"); })))
        {
            Assert.Equal(TrapCode.StackOverflow, guest.Trap("run").Code);
        }
    }

    [Fact]
    public void An_untyped_host_function_gets_and_gives_boxed_values()
    {
        var engine = new Engine();
        var type = engine.FunctionType([ValueType.I32, ValueType.V128], [ValueType.V128, ValueType.I32]);
        using var guest = Guest.Of(
            engine,
            Module.FromText(engine, "untyped", """
                (module (import "host" "swap" (func $swap (param i32 v128) (result v128 i32)))
                  (func (export "run") (param $number i32) (result i32) (local $vector v128)
                    (call $swap (local.get $number) (v128.const i32x4 1 2 3 4))
                    (local.set $number)
                    (local.set $vector)
                    (i32.add (local.get $number) (i32x4.extract_lane 1 (local.get $vector)))))
                """),
            link: linker => linker.DefineFunction("host", "swap", type, (_, values) => [values[1], values[0]]));
        Assert.Equal(42, guest.Call("run", 40)[0].AsInt32());
    }

    [Fact]
    public void A_missing_import_is_named()
    {
        var error = Assert.Throws<LinkException>(() => Guest.Of("""(module (import "env" "absent" (func (param i32))))"""));
        Assert.Contains("env.absent", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_import_of_another_type_is_refused()
    {
        var error = Assert.Throws<LinkException>(() => Guest.Of(
            """(module (import "env" "f" (func (param i32))))""", link: linker => linker.DefineFunction("env", "f", (long _) => { })));
        Assert.Contains("incompatible import type", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_delegate_with_types_that_guests_lack_is_refused_at_once() =>
        Assert.Throws<ArgumentException>(() => new Linker(new Engine()).DefineFunction("env", "f", (DateTime _) => { }));

    [Fact]
    public void Typed_delegates_call_exports_and_others_are_refused()
    {
        using var guest = Guest.Of("""(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))""");
        Assert.Equal(5, guest.Instance.GetFunction<int, int, int>("add")!(2, 3));
        Assert.Throws<ArgumentException>(() => guest.Instance.GetFunction<long, int, int>("add"));
        Assert.Null(guest.Instance.GetFunction<int, int, int>("absent"));
    }

    [Fact]
    public void Arguments_are_checked_before_the_guest_runs()
    {
        using var guest = Guest.Of("""(module (func (export "f") (param i32)))""");
        Assert.Throws<ArgumentException>(() => guest.Call("f"));
        Assert.Throws<ArgumentException>(() => guest.Call("f", 1L));
    }

    [Fact]
    public void Items_of_another_store_are_refused()
    {
        var engine = new Engine();
        using var mine = new Store(engine);
        using var theirs = new Store(engine);
        var linker = new Linker(engine).Define("env", "memory", new Memory(theirs, 1));
        Assert.Throws<LinkException>(() => linker.Instantiate(mine, Module.FromText(engine, "m", """(module (import "env" "memory" (memory 1)))""")));
    }

    [Fact]
    public void A_second_thread_is_refused_while_guest_code_runs()
    {
        using var inside = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        using var guest = Guest.Of(
            """(module (import "host" "wait" (func $wait)) (func (export "run") (call $wait)))""",
            link: linker => linker.DefineFunction("host", "wait", () =>
            {
                inside.Set();
                leave.Wait();
            }));
        var thread = new Thread(() => guest.Call("run"));
        thread.Start();
        inside.Wait();
        Assert.Throws<InvalidOperationException>(() => guest.Call("run"));
        Assert.Throws<InvalidOperationException>(guest.Store.Dispose);
        leave.Set();
        thread.Join();
    }

    [Fact]
    public void An_exception_thrown_by_the_guest_reaches_the_host_with_its_values()
    {
        using var guest = Guest.Of("""(module (tag $e (export "e") (param i32 f64)) (func (export "run") (throw $e (i32.const 7) (f64.const 1.5))))""");
        var thrown = Assert.Throws<GuestException>(() => guest.Call("run"));
        Assert.Same(guest.Instance.GetTag("e"), thrown.Tag);
        Assert.Equal([Value.FromInt32(7), Value.FromDouble(1.5)], thrown.Values);
    }
}

namespace Hive.Wasm.Tests.Core;

public sealed class LimitTests
{
    private const string Endless = """
        (module
          (memory (export "memory") 1)
          (func $deep (export "recursion") (call $deep))
          (func (export "loop") (loop $again (br $again)))
          (func (export "tail") (return_call $self))
          (func $self (return_call $self))
          (func (export "fill") (loop $again (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br $again)))
          (func (export "grow") (result i32) (local $pages i32)
            (block $full
              (loop $again
                (br_if $full (i32.eq (memory.grow (i32.const 1)) (i32.const -1)))
                (local.set $pages (i32.add (local.get $pages) (i32.const 1)))
                (br $again)))
            (local.get $pages)))
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Endless_recursion_is_a_trap(bool metered)
    {
        using var guest = Guest.Of(Endless, new Config { ConsumeFuel = metered });
        Assert.Equal(TrapCode.StackOverflow, guest.Trap("recursion").Code);
    }

    [Fact]
    public void Recursion_is_stopped_at_the_same_depth_wherever_it_starts()
    {
        const string Text = """
            (module (global $depth (export "depth") (mut i32) (i32.const 0))
              (func $deep (export "recursion") (global.set $depth (i32.add (global.get $depth) (i32.const 1))) (call $deep)))
            """;
        var depths = new List<int>();
        void Recurse(int below)
        {
            if (below > 0)
            {
                Recurse(below - 1);
                return;
            }

            using var guest = Guest.Of(Text);
            guest.Trap("recursion");
            depths.Add(guest.Instance.GetGlobal("depth")!.Value.AsInt32());
        }

        Recurse(0);
        Recurse(200);
        var thread = new Thread(() => Recurse(10), 4 << 20);
        thread.Start();
        thread.Join();
        Assert.Equal(new Config().MaxStackDepth / 64, depths[0]);
        Assert.All(depths, depth => Assert.Equal(depths[0], depth));
    }

    [Fact]
    public void A_thread_with_little_stack_traps_instead_of_crashing()
    {
        TrapCode? code = null;
        var thread = new Thread(
            () =>
            {
                using var guest = Guest.Of(Endless, new Config { MaxStackDepth = 1 << 30 });
                code = guest.Trap("recursion").Code;
            },
            512 * 1024);
        thread.Start();
        thread.Join();
        Assert.Equal(TrapCode.StackOverflow, code);
    }

    [Theory]
    [InlineData("loop")]
    [InlineData("tail")]
    [InlineData("fill")]
    public void Fuel_stops_what_never_ends(string function)
    {
        using var guest = Guest.Of(Endless, new Config { ConsumeFuel = true }, fuel: 100_000);
        Assert.Equal(TrapCode.OutOfFuel, guest.Trap(function).Code);
        Assert.Equal(0UL, guest.Store.Fuel);
    }

    [Theory]
    [InlineData("loop", false)]
    [InlineData("loop", true)]
    [InlineData("tail", false)]
    [InlineData("fill", false)]
    public void Cancellation_from_another_thread_stops_what_never_ends(string function, bool metered)
    {
        using var guest = Guest.Of(Endless, new Config { ConsumeFuel = metered }, fuel: ulong.MaxValue);
        using var cancellation = new CancellationTokenSource();
        guest.Store.CancellationToken = cancellation.Token;
        using var started = new ManualResetEventSlim();
        var canceller = new Thread(() =>
        {
            started.Wait();
            cancellation.Cancel();
        });
        canceller.Start();
        started.Set();
        Assert.Equal(TrapCode.Interrupted, guest.Trap(function).Code);
        canceller.Join();
    }

    [Fact]
    public void A_store_whose_token_is_cancelled_runs_nothing_that_loops()
    {
        using var guest = Guest.Of(Endless);
        guest.Store.CancellationToken = new CancellationToken(canceled: true);
        Assert.Equal(TrapCode.Interrupted, guest.Trap("loop").Code);
        guest.Store.CancellationToken = CancellationToken.None;
        Assert.Equal(TrapCode.StackOverflow, guest.Trap("recursion").Code);
    }

    [Fact]
    public void A_memory_grows_to_its_cap_and_no_further()
    {
        using var guest = Guest.Of(Endless, new Config { MaxMemoryBytes = 10 * Memory.PageSize });
        Assert.Equal(9, guest.Call("grow")[0].AsInt32());
        Assert.Equal(10 * Memory.PageSize, guest.Store.MemoryBytes);
    }

    [Fact]
    public void The_memories_of_a_store_share_its_cap()
    {
        var engine = new Engine(new Config { MaxMemoryBytes = 10 * Memory.PageSize });
        using var store = new Store(engine);
        var module = Module.FromText(engine, "memory", "(module (memory 4))");
        var linker = new Linker(engine);
        linker.Instantiate(store, module);
        linker.Instantiate(store, module);
        Assert.Throws<LinkException>(() => linker.Instantiate(store, module));
    }

    [Fact]
    public void Disposing_a_store_gives_its_memory_back()
    {
        var guest = Guest.Of(Endless);
        var memory = guest.Instance.GetMemory("memory")!;
        guest.Dispose();
        Assert.Equal(0, guest.Store.MemoryBytes);
        Assert.Equal(0, memory.ByteLength);
        Assert.Throws<ObjectDisposedException>(() => guest.Call("grow"));
    }

    [Fact]
    public void A_function_with_many_locals_cannot_exhaust_the_stack()
    {
        using var guest = Guest.Of(
            $"""(module (func $f (export "f") (param i32) (result i32) (local {string.Join(' ', Enumerable.Repeat("i64", 40_000))}) (local.set 30000 (i64.const 5)) (call $f (local.get 0))))""");
        Assert.Equal(TrapCode.StackOverflow, guest.Trap("f", 1).Code);
    }

    [Theory]
    [InlineData("(i8x16.shuffle 0 1 2 3 16 17 18 19 20 21 22 4 5 6 7 8 (local.get $v) (local.get $w))")]
    [InlineData("(i32x4.trunc_sat_f64x2_u_zero (f64x2.convert_low_i32x4_u (local.get $v)))")]
    [InlineData("(call $same (i64x2.mul (local.get $v) (local.get $w)))")]
    public void Functions_with_huge_frames_recurse_to_a_trap_and_not_to_a_crash(string vector)
    {
        using var guest = Guest.Of($"""
            (module
              (func $same (param v128) (result v128) (local.get 0))
              (func $deep (export "recursion") (param $x i64) (result i64 i32 v128) (local $v v128) (local $w v128)
                {string.Concat(Enumerable.Repeat($"(local.set $v {vector})", 6_000))}
                (call $deep (local.get $x)))
              (func (export "once") (param $x i64) (result i64 i32 v128) (local $v v128) (local $w v128)
                {string.Concat(Enumerable.Repeat($"(local.set $v {vector})", 2_000))}
                (local.get $x) (i32.const 7) (local.get $v)))
            """);
        Assert.Equal(TrapCode.StackOverflow, guest.Trap("recursion", 1L).Code);
        Assert.Equal([Value.FromInt64(5), Value.FromInt32(7)], guest.Call("once", 5L)[..2]);
    }

    [Theory]
    [InlineData(768)]
    [InlineData(1536)]
    [InlineData(8192)]
    public void Handlers_have_room_after_a_thread_ran_out_of_stack(int kibibytes)
    {
        var sum = 0;
        var thread = new Thread(
            () =>
            {
                try
                {
                    using var guest = Guest.Of(
                        $"""
                        (module (memory 1) (func $deep (export "recursion") (param i32) (result f64) (local f64)
                          (if (local.get 0) (then {string.Concat(Enumerable.Repeat("(local.set 1 (f64.add (local.get 1) (f64.min (f64.load (local.get 0)) (f64.const 1.5))))", 5_000))}))
                          (call $deep (local.get 0))))
                        """,
                        new Config { MaxStackDepth = 1 << 30 });
                    guest.Call("recursion", 0);
                }
                catch (TrapException trap) when (trap.Code == TrapCode.StackOverflow)
                {
                    // Work that has to be compiled first, as a host's handler may have.
                    sum = Enumerable.Range(0, 100).GroupBy(i => i % 7).OrderBy(group => group.Key).Sum(group => group.Count());
                }
            },
            kibibytes * 1024);
        thread.Start();
        thread.Join();
        Assert.Equal(100, sum);
    }

    [Fact]
    public void Functions_with_thousands_of_live_operands_recurse_to_a_trap_and_not_to_a_crash()
    {
        using var guest = Guest.Of($"""
            (module
              (func $one (param i64) (result i64) (local.get 0))
              (func $deep (export "recursion") (param $x i64) (result i64)
                {string.Concat(Enumerable.Repeat("(call $one (local.get $x))", 12_000))}
                (call $deep (local.get $x))
                {string.Concat(Enumerable.Repeat("(i64.add)", 12_000))}))
            """);
        Assert.Equal(TrapCode.StackOverflow, guest.Trap("recursion", 1L).Code);
    }

    [Fact]
    public void Locals_beyond_the_frame_keep_their_values()
    {
        using var guest = Guest.Of(
            $"""
            (module (func (export "f") (param i64) (result i64 i64 externref) (local {string.Join(' ', Enumerable.Repeat("i64", 2000))}) (local externref)
              (local.set 1999 (local.get 0)) (local.set 10 (i64.const 3)) (local.get 1999) (local.get 10) (local.get 2001)))
            """);
        Assert.Equal([Value.FromInt64(77), Value.FromInt64(3), Value.FromExternRef(null)], guest.Call("f", 77L));
    }
}

using FsCheck;
using FsCheck.Fluent;
using Hive.Wasm.Bench;

namespace Hive.Wasm.Tests.Core;

public sealed class FuelTests
{
    private const string Steps = """
        (module
          (memory (export "memory") 1)
          (func $leaf (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
          (func (export "run") (param $n i32) (result i32) (local $sum i32)
            (block $done
              (loop $again
                (br_if $done (i32.eqz (local.get $n)))
                (if (i32.and (local.get $n) (i32.const 1))
                  (then (local.set $sum (i32.add (local.get $sum) (call $leaf (local.get $n)))))
                  (else (memory.fill (i32.const 64) (local.get $n) (i32.const 640))))
                (i32.store (i32.const 0) (local.get $sum))
                (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                (br $again)))
            (local.get $sum)))
        """;

    private static readonly Config Metered = new() { ConsumeFuel = true };

    [Fact]
    public void The_same_run_costs_the_same_in_every_engine()
    {
        static ulong Cost(int n)
        {
            using var guest = Guest.Of(Steps, Metered);
            guest.Call("run", n);
            return 1_000_000_000 - guest.Store.Fuel;
        }

        Prop.ForAll<byte>(n => Cost(n) == Cost(n) && (n == 0 || Cost(n) > Cost(n - 1))).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Fuel_runs_out_at_the_same_point_and_less_fuel_never_goes_further()
    {
        var engine = new Engine(Metered);
        var module = Module.FromText(engine, "steps", Steps);

        (bool Done, int Reached) Run(ulong fuel)
        {
            using var guest = Guest.Of(engine, module, fuel);
            try
            {
                guest.Call("run", 200);
                return (true, guest.Instance.GetMemory("memory")!.Read<int>(0));
            }
            catch (TrapException trap) when (trap.Code == TrapCode.OutOfFuel)
            {
                return (false, guest.Instance.GetMemory("memory")!.Read<int>(0));
            }
        }

        Prop.ForAll<ushort, byte>((fuel, more) =>
        {
            var less = Run(fuel);
            var enough = Run((ulong)fuel + more);
            return less == Run(fuel) && less.Reached <= enough.Reached && (!less.Done || enough.Done);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("integers", 1000)]
    [InlineData("sieve", 5000)]
    [InlineData("matrix", 20)]
    [InlineData("sha256", 50)]
    [InlineData("nbody", 100)]
    [InlineData("interpreter", 100)]
    [InlineData("dot", 2)]
    public void Metering_changes_no_result(string kernel, int size)
    {
        var text = WasmBenchmark.KernelText(kernel);
        using var plain = Guest.Of(text);
        using var metered = Guest.Of(text, Metered);
        Assert.Equal(plain.Call("run", size), metered.Call("run", size));
        Assert.InRange(1_000_000_000 - metered.Store.Fuel, (ulong)size, 999_999_999UL);
    }

    [Fact]
    public void Without_fuel_a_metered_store_runs_nothing_that_calls_or_loops()
    {
        using var guest = Guest.Of(Steps, Metered, fuel: 0);
        Assert.Equal(TrapCode.OutOfFuel, guest.Trap("run", 100).Code);
    }

    [Fact]
    public void Added_fuel_saturates()
    {
        using var store = new Store(new Engine(Metered)) { Fuel = 10 };
        store.AddFuel(5);
        Assert.Equal(15UL, store.Fuel);
        store.AddFuel(ulong.MaxValue);
        Assert.True(store.Fuel > ulong.MaxValue / 8);
    }
}

using System.Runtime.CompilerServices;

namespace Hive.Wasm.Tests.Core;

public sealed class UnloadTests
{
    private const string Hostile = """
        (module
          (memory 16)
          (table 1000 funcref)
          (tag $e (param i32))
          (func $deep (export "0") (call $deep))
          (func (export "1") (loop $again (br $again)))
          (func (export "2") (loop $again (drop (memory.grow (i32.const 1))) (br $again)))
          (func (export "3") (loop $again (drop (table.grow (ref.null func) (i32.const 100))) (br $again)))
          (func (export "4") (throw $e (i32.const 1)))
          (func (export "5") (unreachable)))
        """;

    [Fact]
    public void Code_is_unloaded_when_nothing_refers_to_it()
    {
        var assembly = RunOnce();
        Collect(() => !assembly.IsAlive);
        Assert.False(assembly.IsAlive);
    }

    [Fact]
    public void What_running_code_uses_outlives_the_last_reference_to_it()
    {
        const string Text = """
            (module (import "host" "collect" (func $collect)) (memory 1) (global $g (mut i32) (i32.const 7)) (data (i32.const 8) "\05")
              (func (export "run") (result i32) (local $i i32) (local $sum i32)
                (call $collect)
                (loop $again
                  (local.set $sum (i32.add (local.get $sum) (i32.add (global.get $g) (i32.load8_u (i32.const 8)))))
                  (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000))))
                (local.get $sum)))
            """;
        Assert.Equal(12_000, Abandoned(Text)().AsInt32());
    }

    /// <summary>A call of an instance that nothing but the call refers to, and during which garbage is collected.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Func<Value> Abandoned(string text)
    {
        var engine = new Engine();
        var linker = new Linker(engine).DefineFunction("host", "collect", () => Collect(() => false));
        var store = new Store(engine);
        var function = linker.Instantiate(store, Module.FromText(engine, "abandoned", text)).GetFunction("run")!;
        return () =>
        {
            var last = Interlocked.Exchange(ref function, null)!;
            return last.Invoke()[0];
        };
    }

    [Fact]
    public void A_thousand_hostile_runs_leave_nothing_behind()
    {
        var engine = new Engine(new Config { ConsumeFuel = true, MaxMemoryBytes = 8 << 20, MaxTableElements = 100_000 });
        var modules = new List<WeakReference>();
        for (var run = 0; run < 1000; run++) RunHostile(engine, run, modules);
        Collect(() => modules.All(module => !module.IsAlive));
        Assert.Equal(0, modules.Count(module => module.IsAlive));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunHostile(Engine engine, int run, List<WeakReference> modules)
    {
        using var module = Module.FromText(engine, "hostile", Hostile);
        using var guest = Guest.Of(engine, module, fuel: 20_000);
        Assert.ThrowsAny<WasmException>(() => guest.Call((run % 6).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        modules.Add(new WeakReference(module.Code));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference RunOnce()
    {
        using var guest = Guest.Of("""(module (func (export "f") (result i32) (i32.const 1)))""");
        guest.Call("f");
        return new WeakReference(guest.Instance.Module.Code.CompiledAssembly);
    }

    private static void Collect(Func<bool> done)
    {
        for (var i = 0; i < 20 && !done(); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}

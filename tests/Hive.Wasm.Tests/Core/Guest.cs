namespace Hive.Wasm.Tests.Core;

/// <summary>An instance of a module given as text, with a store of its own.</summary>
internal sealed class Guest : IDisposable
{
    private Guest(Store store, Instance instance)
    {
        Store = store;
        Instance = instance;
    }

    public Store Store { get; }

    public Instance Instance { get; }

    public static Guest Of(string wat, Config? config = null, ulong fuel = 1_000_000_000, Action<Linker>? link = null)
    {
        var engine = new Engine(config);
        var module = Module.FromText(engine, "guest", wat);
        return Of(engine, module, fuel, link);
    }

    public static Guest Of(Engine engine, Module module, ulong fuel = 1_000_000_000, Action<Linker>? link = null)
    {
        var store = new Store(engine) { Fuel = fuel };
        var linker = new Linker(engine);
        link?.Invoke(linker);
        return new Guest(store, linker.Instantiate(store, module));
    }

    public Value[] Call(string name, params ReadOnlySpan<Value> arguments) => Instance.GetFunction(name)!.Invoke(arguments);

    public TrapException Trap(string name, params Value[] arguments) => Assert.Throws<TrapException>(() => Call(name, arguments));

    public void Dispose() => Store.Dispose();
}

namespace Hive.Wasm.Spec;

/// <summary>The host module <c>spectest</c> that the official scripts import from; what they print goes nowhere.</summary>
internal static class SpecTestModule
{
    private const string Name = "spectest";

    public static void Define(Linker linker, Store store)
    {
        linker.Define(Name, "global_i32", new Global(store, new GlobalType(ValueType.I32, false), Value.FromInt32(666)));
        linker.Define(Name, "global_i64", new Global(store, new GlobalType(ValueType.I64, false), Value.FromInt64(666)));
        linker.Define(Name, "global_f32", new Global(store, new GlobalType(ValueType.F32, false), Value.FromSingle(666.6f)));
        linker.Define(Name, "global_f64", new Global(store, new GlobalType(ValueType.F64, false), Value.FromDouble(666.6)));
        linker.Define(Name, "table", new Table(store, new TableType(ValueType.FuncRef, 10, 20), Value.FromFuncRef(null)));
        linker.Define(Name, "table64", new Table(store, new TableType(ValueType.FuncRef, 10, 20, Is64: true), Value.FromFuncRef(null)));
        linker.Define(Name, "memory", new Memory(store, 1, 2));
        linker.DefineFunction(Name, "print", () => { });
        linker.DefineFunction(Name, "print_i32", (int _) => { });
        linker.DefineFunction(Name, "print_i64", (long _) => { });
        linker.DefineFunction(Name, "print_f32", (float _) => { });
        linker.DefineFunction(Name, "print_f64", (double _) => { });
        linker.DefineFunction(Name, "print_i32_f32", (int _, float _) => { });
        linker.DefineFunction(Name, "print_f64_f64", (double _, double _) => { });
    }
}

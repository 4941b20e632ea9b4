namespace Hive.Wasm;

internal static class ModuleDecoder
{
    public static ModuleDefinition Decode(Engine engine, byte[] bytes) => throw new NotSupportedException($"{engine} {bytes.Length}");
}

internal static class ModuleValidator
{
    public static void Validate(Config config, ModuleDefinition module) => throw new NotSupportedException($"{config} {module}");
}

internal static class GuestBacktrace
{
    public static IReadOnlyList<string> Of(TrapException trap) => [trap.Message];
}

internal sealed class HostThunkFactory(TypeRegistry types)
{
    public TypeRegistry Types => types;
}

internal sealed class HostFunction
{
    public static HostFunction Of(Engine engine, Delegate function) => throw new NotSupportedException($"{engine} {function}");
    public static HostFunction Of(Engine engine, FunctionType type, Func<Caller, Value[], Value[]> function) => throw new NotSupportedException($"{engine} {type} {function}");
}

internal delegate void Invoker(Function function, Value[] arguments, Value[] results);

internal static class InvokerExtensions
{
    extension(Invoker)
    {
        public static Invoker For(FunctionType type) => throw new NotSupportedException($"{type}");
    }
}

internal sealed class ModuleCode(Engine engine, string name, ModuleDefinition definition)
{
    public ExportDefinition? FindExport(string export) => throw new NotSupportedException($"{engine} {name} {definition} {export}");
}

internal sealed class InstanceContext
{
    public required Module Module { get; init; }
    public required Store Store { get; init; }
    public required Instance Instance { get; init; }
    public required ModuleCode Code { get; init; }
    public Memory[] Memories = [];
    public Table[] Tables = [];
    public Global[] Globals = [];
    public Tag[] Tags = [];
    public Function GetFunction(int index) => throw new NotSupportedException($"{index}");
    public nint Compile(int index) => throw new NotSupportedException($"{index}");
}

internal static class Instantiation
{
    public static Instance Run(Store store, Module module, Func<ImportDefinition, int, object> resolve) => throw new NotSupportedException($"{store} {module} {resolve}");
}

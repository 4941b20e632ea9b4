using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Text;

namespace Hive.Wasm;

/// <summary>
/// A module's compiled functions, shared by its instances. A function is compiled when first called, together with those it
/// calls, up to a bound, so that they call each other directly. All code lies in one collectible assembly.
/// </summary>
internal sealed unsafe class ModuleCode
{
    private const string BatchName = "Batch";

    private readonly Lock _lock = new();
    private readonly string _name;
    private readonly NativeBlock _codes;
    private readonly Dictionary<int, MethodInfo> _methods = [];
    private readonly Dictionary<int, nint> _largeCodes = [];
    private Dictionary<string, ExportDefinition>? _exports;
    private Dictionary<int, string>? _names;
    private ModuleBuilder? _builder;
    private int _batches;

    public ModuleCode(Engine engine, string name, ModuleDefinition definition)
    {
        Engine = engine;
        _name = name;
        Definition = definition;
        _codes = new NativeBlock(definition.Functions.Count * sizeof(nint));
    }

    public Engine Engine { get; }

    public ModuleDefinition Definition { get; }

    public TypeDecoder TypeDecoder => Definition.TypeDecoder;

    /// <summary>The assembly that the code lies in, once some is compiled.</summary>
    public Assembly? CompiledAssembly { get; private set; }

    /// <summary>Whether a type holds compiled functions, of any module.</summary>
    public static bool IsGuest(Type type) => type.Namespace is null && type.Assembly.IsDynamic && type.Name.StartsWith(BatchName, StringComparison.Ordinal);

    /// <summary>Entry points by function index; zero where a function is imported or not compiled yet.</summary>
    public byte* Codes => _codes.Address;

    public nint CodeOf(int function) => Volatile.Read(ref ((nint*)_codes.Address)[function]);

    public ExportDefinition? FindExport(string name)
    {
        var exports = _exports ??= Definition.Exports.ToDictionary(export => export.Name);
        return exports.GetValueOrDefault(name);
    }

    /// <summary>A function's name, from the name section or an export, if it has one.</summary>
    public string? NameOf(int function)
    {
        lock (_lock) return (_names ??= FunctionNames.Read(Definition)).GetValueOrDefault(function);
    }

    /// <summary>The entry point of a function, compiled now if it was not.</summary>
    public nint Compile(int function)
    {
        lock (_lock)
        {
            var code = CodeOf(function);
            return code != 0 ? code : CompileBatch(function);
        }
    }

    /// <summary>The entry point of the code of a compiled function with a large frame.</summary>
    public nint LargeCodeOf(int function)
    {
        lock (_lock) return _largeCodes[function];
    }

    private nint CompileBatch(int function)
    {
        _builder ??= NewAssembly();
        var type = _builder.DefineType($"{BatchName}{_batches++}", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        var targets = new CallTargets(this, type, _methods);
        targets.Add(function);
        while (targets.Next() is { } next) FunctionCompiler.Compile(this, next.Function, next.Method.GetILGenerator(), targets);
        var created = type.CreateType();
        CompiledAssembly = created.Assembly;
        foreach (var compiled in targets.Compiled)
        {
            var method = created.GetMethod(CallTargets.MethodName(compiled), BindingFlags.Public | BindingFlags.Static)!;
            _methods[compiled] = method;
            if (targets.IsLarge(compiled))
                _largeCodes[compiled] = created.GetMethod(CallTargets.LargeMethodName(compiled), BindingFlags.Public | BindingFlags.Static)!.MethodHandle.GetFunctionPointer();
            Volatile.Write(ref ((nint*)_codes.Address)[compiled], method.MethodHandle.GetFunctionPointer());
        }

        return CodeOf(function);
    }

    /// <summary>The assembly may use this library's internals, and its methods need no zeroed scratch space.</summary>
    private ModuleBuilder NewAssembly()
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Guest." + Sanitize(_name)), AssemblyBuilderAccess.RunAndCollect);
        var constructor = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
        assembly.SetCustomAttribute(new CustomAttributeBuilder(constructor, [typeof(ModuleCode).Assembly.GetName().Name]));
        return assembly.DefineDynamicModule("guest");
    }

    private static string Sanitize(string name)
    {
        var clean = new StringBuilder();
        foreach (var letter in name.Take(64)) clean.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '_');
        return clean.ToString();
    }
}

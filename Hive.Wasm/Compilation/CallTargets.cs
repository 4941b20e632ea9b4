using System.Reflection;
using System.Reflection.Emit;

namespace Hive.Wasm;

/// <summary>
/// The functions compiled together: those that a function calls join it until the batch is large enough. Others are called
/// through the module's table of entry points.
/// </summary>
internal sealed class CallTargets(ModuleCode code, TypeBuilder? type, Dictionary<int, MethodInfo> compiled)
{
    private const int MaxBytes = 12_000;
    private const int MaxFunctions = 48;

    private readonly Dictionary<int, MethodBuilder> _batch = [];
    private readonly Queue<(int Function, MethodBuilder Method)> _pending = [];
    private int _bytes;

    /// <summary>No function can be called directly.</summary>
    public static CallTargets None => new(null!, null, []);

    public IEnumerable<int> Compiled => _batch.Keys;

    public static string MethodName(int function) => $"f{function}";

    /// <summary>Name of the method that holds the code of a function with a large frame.</summary>
    public static string LargeMethodName(int function) => $"large{function}";

    public bool IsLarge(int function) => code.Definition.Bodies[function - code.Definition.ImportedFunctions].Facts!.MayHaveLargeFrame;

    public (int Function, MethodBuilder Method)? Next() => _pending.TryDequeue(out var next) ? next : null;

    /// <summary>The method to call for a function, or null if it must be found at run time.</summary>
    public MethodInfo? Find(int function)
    {
        if (type is null) return null;
        if (compiled.TryGetValue(function, out var method)) return method;
        if (_batch.TryGetValue(function, out var builder)) return builder;
        return _bytes < MaxBytes && _batch.Count < MaxFunctions && Size(function) < MaxBytes ? Add(function) : null;
    }

    public MethodBuilder Add(int function)
    {
        var signature = code.Definition.Functions[function];
        var method = type!.DefineMethod(
            MethodName(function), MethodAttributes.Public | MethodAttributes.Static,
            FunctionCompiler.MethodResult(signature), FunctionCompiler.MethodParameters(signature, typeof(InstanceContext)));
        _batch[function] = method;
        _pending.Enqueue((function, IsLarge(function) ? DefineLarge(function, method) : method));
        _bytes += Size(function);
        return method;
    }

    /// <summary>Makes a function's method a way to a thread with a large stack, where its code runs.</summary>
    private MethodBuilder DefineLarge(int function, MethodBuilder method)
    {
        var signature = code.Definition.Functions[function];
        LargeFrames.EmitCall(method.GetILGenerator(), function, signature);
        return type!.DefineMethod(
            LargeMethodName(function), MethodAttributes.Public | MethodAttributes.Static,
            FunctionCompiler.MethodResult(signature), FunctionCompiler.MethodParameters(signature, typeof(InstanceContext)));
    }

    private int Size(int function)
    {
        var body = code.Definition.Bodies[function - code.Definition.ImportedFunctions];
        return body.End - body.Start;
    }
}

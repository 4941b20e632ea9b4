namespace Hive.Wasm.Text;

/// <summary>The proposals beyond WebAssembly 2.0 that a text may use.</summary>
[Flags]
internal enum WasmFeatures
{
    None = 0,
    TailCalls = 1,
    Exceptions = 2,
    MultipleMemories = 4,
    Memory64 = 8,
    FunctionReferences = 16,

    /// <summary>Recursive type groups and declared subtypes.</summary>
    Subtyping = 32,

    /// <summary>Structures, arrays, <c>i31</c> and casts.</summary>
    GarbageCollection = 64,
    RelaxedSimd = 128,
}

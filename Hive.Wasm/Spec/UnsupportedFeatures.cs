using Hive.Wasm.Text;

namespace Hive.Wasm.Spec;

/// <summary>
/// What of WebAssembly 3.0 this engine refuses, in one place: the proposals, and the files of the official test suite that are about them.
/// Every module of those files still goes through the engine, which must refuse it with a clear error or run it as the file says.
/// </summary>
internal static class UnsupportedFeatures
{
    private const string GarbageCollection = "garbage collection (structures, arrays, i31, casts) is not supported";

    private static readonly (WasmFeatures Feature, string Reason)[] Reasons =
    [
        (WasmFeatures.GarbageCollection, GarbageCollection),
    ];

    /// <summary>The files that are about an unsupported proposal, by name without extension.</summary>
    public static IReadOnlyDictionary<string, string> Files { get; } = Listed((
        GarbageCollection,
        "array array_copy array_fill array_init_data array_init_elem array_new_data array_new_elem br_on_cast br_on_cast_fail extern i31 "
        + "ref_cast ref_eq ref_test struct"));

    /// <summary>Files of other subjects in which single commands need an unsupported proposal.</summary>
    public static IReadOnlyDictionary<string, string> FilesInPart { get; } = Listed((GarbageCollection, "table_init table_init64 type-rec type-subtyping"));

    /// <summary>Why a module that uses these proposals may be refused; null where none of them is a reason.</summary>
    public static string? ReasonFor(WasmFeatures features) =>
        Reasons.Where(r => features.HasFlag(r.Feature)).Select(r => r.Reason).FirstOrDefault();

    private static Dictionary<string, string> Listed(params (string Reason, string Files)[] groups) =>
        groups.SelectMany(g => g.Files.Split(' ').Select(file => (file, g.Reason))).ToDictionary(f => f.file, f => f.Reason, StringComparer.Ordinal);
}

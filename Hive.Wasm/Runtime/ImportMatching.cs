namespace Hive.Wasm;

/// <summary>Whether an item may stand for an import. Rules: https://webassembly.github.io/spec/core/valid/matching.html</summary>
internal static class ImportMatching
{
    /// <summary>What is wrong with an item, or null if it fits.</summary>
    public static string? Mismatch(ModuleDefinition module, ImportDefinition import, object item)
    {
        return (import.Kind, item) switch
        {
            (ExternalKind.Function, Function function) =>
                function.Type.IsSubtypeOf(module.Functions[import.Index]) ? null : $"a function {function.Type} was given",
            (ExternalKind.Table, Table table) => Table(module.Tables[import.Index], table.Type),
            (ExternalKind.Memory, Memory memory) => Memory(module.Memories[import.Index], memory.Type),
            (ExternalKind.Global, Global global) => Global(module.Globals[import.Index], global.Type),
            (ExternalKind.Tag, Tag tag) => ReferenceEquals(tag.Type, module.Tags[import.Index]) ? null : $"a tag {tag.Type} was given",
            _ => $"a {item.GetType().Name.ToLowerInvariant()} was given",
        };
    }

    private static string? Table(TableType expected, TableType actual) =>
        expected.Element == actual.Element && expected.Is64 == actual.Is64 && Limits(expected.Minimum, expected.Maximum, actual.Minimum, actual.Maximum)
            ? null
            : $"{actual} was given";

    private static string? Memory(MemoryType expected, MemoryType actual) =>
        expected.Is64 == actual.Is64 && Limits(expected.Minimum, expected.Maximum, actual.Minimum, actual.Maximum) ? null : $"{actual} was given";

    private static string? Global(GlobalType expected, GlobalType actual)
    {
        var fits = expected.IsMutable == actual.IsMutable
            && (expected.IsMutable ? expected.Content == actual.Content : actual.Content.IsSubtypeOf(expected.Content));
        return fits ? null : $"{actual} was given";
    }

    private static bool Limits(ulong expectedMinimum, ulong? expectedMaximum, ulong actualMinimum, ulong? actualMaximum) =>
        actualMinimum >= expectedMinimum && (expectedMaximum is not { } maximum || actualMaximum <= maximum);
}

namespace Hive.Wasm;

/// <summary>Reads function names for messages. The name section is advice: what is malformed in it is left out.</summary>
internal static class FunctionNames
{
    private const int MaxLength = 256;

    public static Dictionary<int, string> Read(ModuleDefinition module)
    {
        var names = new Dictionary<int, string>();
        foreach (var export in module.Exports)
        {
            if (export.Kind == ExternalKind.Function) names.TryAdd(export.Index, Bounded(export.Name));
        }

        try
        {
            ReadSection(module, names);
        }
        catch (WasmException)
        {
            // What was read until here stays.
        }

        return names;
    }

    private static void ReadSection(ModuleDefinition module, Dictionary<int, string> names)
    {
        var reader = new ByteReader(module.Bytes, module.NameSection.Start.Value, module.NameSection.End.Value);
        while (!reader.AtEnd)
        {
            var id = reader.Byte();
            var content = reader.Span(reader.U32());
            if (id != 1) continue;
            var functions = new ByteReader(module.Bytes, reader.Position - content.Length, reader.Position);
            for (var count = functions.U32(); count > 0; count--) names[(int)functions.U32()] = Bounded(functions.Name());
        }
    }

    private static string Bounded(string name) => name.Length <= MaxLength ? name : name[..MaxLength];
}

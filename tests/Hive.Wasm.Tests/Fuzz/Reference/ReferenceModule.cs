namespace Hive.Wasm.Tests.Fuzz.Reference;

internal sealed record ReferenceType(ValueKind[] Parameters, ValueKind[] Results);

internal sealed record ReferenceLimits(uint Minimum, uint? Maximum);

internal sealed record ReferenceImport(string Module, string Name, uint Type);

internal sealed record ReferenceGlobal(ValueKind Kind, bool Mutable, ReferenceInstruction[] Initial);

internal sealed record ReferenceTable(ValueKind Kind, ReferenceLimits Limits);

internal sealed record ReferenceExport(string Name, byte Sort, int Index);

/// <summary>A segment; <paramref name="Offset"/> is null unless it is active.</summary>
internal sealed record ReferenceElements(bool Declarative, int Table, ReferenceInstruction[]? Offset, ReferenceInstruction[][] Items);

internal sealed record ReferenceData(ReferenceInstruction[]? Offset, byte[] Content);

internal sealed record ReferenceBody(ValueKind[] Locals, ReferenceInstruction[] Code);

/// <summary>
/// A binary module taken apart without the library's decoder: WebAssembly 2.0 with tail calls and exceptions. It expects a module that the library has accepted.
/// </summary>
internal sealed class ReferenceModule
{
    public List<ReferenceType> Types { get; } = [];

    public List<ReferenceImport> Imports { get; } = [];

    /// <summary>The types of all functions, imported ones first.</summary>
    public List<ReferenceType> Functions { get; } = [];

    public List<ReferenceTable> Tables { get; } = [];

    public List<ReferenceLimits> Memories { get; } = [];

    public List<ReferenceGlobal> Globals { get; } = [];

    public List<ReferenceType> Tags { get; } = [];

    public List<ReferenceExport> Exports { get; } = [];

    public int? Start { get; private set; }

    public List<ReferenceElements> Elements { get; } = [];

    public List<ReferenceData> Data { get; } = [];

    public List<ReferenceBody> Bodies { get; } = [];

    public int ImportedFunctions => Imports.Count;

    public static ReferenceModule Decode(byte[] binary)
    {
        var module = new ReferenceModule();
        var reader = new ReferenceReader(binary, 8, module);
        while (!reader.AtEnd)
        {
            var id = reader.Byte();
            var length = (int)reader.Unsigned();
            module.Section(id, reader.Part(length));
        }

        return module;
    }

    private void Section(byte id, ReferenceReader reader)
    {
        switch (id)
        {
            case 1:
                Types.AddRange(reader.Vector(r => r.FunctionType()));
                break;
            case 2:
                foreach (var import in reader.Vector(r => r.Import()))
                {
                    Imports.Add(import);
                    Functions.Add(Types[(int)import.Type]);
                }

                break;
            case 3:
                Functions.AddRange(reader.Vector(r => Types[(int)r.Unsigned()]));
                break;
            case 4:
                Tables.AddRange(reader.Vector(r => new ReferenceTable(r.ValueType(), r.Limits())));
                break;
            case 5:
                Memories.AddRange(reader.Vector(r => r.Limits()));
                break;
            case 6:
                Globals.AddRange(reader.Vector(r => new ReferenceGlobal(r.ValueType(), r.Byte() == 1, r.Expression())));
                break;
            case 7:
                Exports.AddRange(reader.Vector(r => new ReferenceExport(r.Name(), r.Byte(), (int)r.Unsigned())));
                break;
            case 8:
                Start = (int)reader.Unsigned();
                break;
            case 9:
                Elements.AddRange(reader.Vector(r => r.Elements()));
                break;
            case 10:
                Bodies.AddRange(reader.Vector(r => r.Part((int)r.Unsigned()).Body()));
                break;
            case 11:
                Data.AddRange(reader.Vector(r => r.Data()));
                break;
            case 13:
                Tags.AddRange(reader.Vector(r => r.Tag()));
                break;
        }
    }
}

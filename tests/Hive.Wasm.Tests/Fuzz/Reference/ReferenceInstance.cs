namespace Hive.Wasm.Tests.Fuzz.Reference;

/// <summary>A function of a reference instance; references to it are equal when they are the same object.</summary>
internal sealed record ReferenceFunction(int Index, ReferenceType Type, ReferenceBody? Body, Func<Cell[], Cell[]>? Host);

/// <summary>An instance run by <see cref="ReferenceInterpreter"/>: its memory, tables, globals and segments.</summary>
internal sealed class ReferenceInstance
{
    public const int PageSize = 65_536;

    private const int MostPages = 64, MostElements = 100_000;

    private readonly bool[] _droppedElements;
    private readonly bool[] _droppedData;

    /// <summary>Makes an instance: fills tables and memory and runs the start function.</summary>
    /// <exception cref="ReferenceTrap">A segment does not fit or the start function trapped.</exception>
    public ReferenceInstance(ReferenceModule module, Func<ReferenceImport, Func<Cell[], Cell[]>> host, long steps)
    {
        Module = module;
        if (module.Memories.Count > 1 || module.Memories.Any(m => m.Minimum > MostPages) || module.Tables.Any(t => t.Limits.Minimum > MostElements))
        {
            throw new ReferenceUnsupported("several or large memories, and large tables");
        }

        Functions =
        [
            .. module.Imports.Select((import, i) => new ReferenceFunction(i, module.Functions[i], null, host(import))),
            .. module.Bodies.Select((body, i) => new ReferenceFunction(
                module.ImportedFunctions + i, module.Functions[module.ImportedFunctions + i], body, null)),
        ];
        Memory = new byte[module.Memories.Count == 0 ? 0 : module.Memories[0].Minimum * PageSize];
        Tables = [.. module.Tables.Select(t => new object?[t.Limits.Minimum])];
        Interpreter = new ReferenceInterpreter(this, steps);
        Globals = new Cell[module.Globals.Count];
        for (var i = 0; i < Globals.Length; i++)
        {
            Globals[i] = Interpreter.Constant(module.Globals[i].Initial);
        }

        _droppedElements = new bool[module.Elements.Count];
        _droppedData = new bool[module.Data.Count];
        FillFromSegments();
        if (module.Start is { } start)
        {
            Interpreter.Call(Functions[start], []);
        }
    }

    public ReferenceModule Module { get; }

    public ReferenceInterpreter Interpreter { get; }

    public ReferenceFunction[] Functions { get; }

    public byte[] Memory { get; private set; }

    public object?[][] Tables { get; }

    public Cell[] Globals { get; }

    public uint GrowMemory(uint pages)
    {
        var limits = Module.Memories[0];
        var old = (uint)(Memory.Length / PageSize);
        if (old + (ulong)pages > (limits.Maximum ?? PageSize))
        {
            return uint.MaxValue;
        }

        if (old + (ulong)pages > MostPages)
        {
            throw new ReferenceUnsupported("large memories");
        }

        Memory = [.. Memory, .. new byte[pages * PageSize]];
        return old;
    }

    public uint GrowTable(int table, uint count, object? value)
    {
        var elements = Tables[table];
        if ((ulong)elements.Length + count > (Module.Tables[table].Limits.Maximum ?? uint.MaxValue))
        {
            return uint.MaxValue;
        }

        if ((ulong)elements.Length + count > MostElements)
        {
            throw new ReferenceUnsupported("large tables");
        }

        Tables[table] = [.. elements, .. Enumerable.Repeat(value, (int)count)];
        return (uint)elements.Length;
    }

    public void InitialiseMemory(int segment, uint target, uint source, uint count)
    {
        var content = _droppedData[segment] ? [] : Module.Data[segment].Content;
        RequireRange(content.Length, source, count, TrapCode.MemoryOutOfBounds);
        RequireRange(Memory.Length, target, count, TrapCode.MemoryOutOfBounds);
        content.AsSpan((int)source, (int)count).CopyTo(Memory.AsSpan((int)target));
    }

    public void InitialiseTable(int table, int segment, uint target, uint source, uint count)
    {
        var items = _droppedElements[segment] ? [] : Module.Elements[segment].Items;
        RequireRange(items.Length, source, count, TrapCode.TableOutOfBounds);
        RequireRange(Tables[table].Length, target, count, TrapCode.TableOutOfBounds);
        for (var i = 0u; i < count; i++)
        {
            Tables[table][target + i] = Interpreter.Constant(items[source + i]).Reference;
        }
    }

    public void DropData(int segment) => _droppedData[segment] = true;

    public void DropElements(int segment) => _droppedElements[segment] = true;

    public static void RequireRange(int length, uint start, uint count, TrapCode code)
    {
        if ((ulong)start + count > (ulong)length)
        {
            throw new ReferenceTrap(code);
        }
    }

    private void FillFromSegments()
    {
        for (var i = 0; i < Module.Elements.Count; i++)
        {
            var segment = Module.Elements[i];
            if (segment.Offset is { } offset)
            {
                InitialiseTable(segment.Table, i, Interpreter.Constant(offset).Low, 0, (uint)segment.Items.Length);
            }

            _droppedElements[i] = segment.Offset is not null || segment.Declarative;
        }

        for (var i = 0; i < Module.Data.Count; i++)
        {
            if (Module.Data[i].Offset is { } offset)
            {
                InitialiseMemory(i, Interpreter.Constant(offset).Low, 0, (uint)Module.Data[i].Content.Length);
                DropData(i);
            }
        }
    }
}

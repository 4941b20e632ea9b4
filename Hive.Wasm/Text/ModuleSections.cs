using System.Text;

namespace Hive.Wasm.Text;

/// <summary>Entries of one section, counted as they are added to <see cref="Entries"/>.</summary>
internal sealed class SectionWriter
{
    public ByteWriter Entries { get; } = new();

    public uint Count { get; private set; }

    /// <summary>Counts one more entry and hands out the writer for it.</summary>
    public ByteWriter Add()
    {
        Count++;
        return Entries;
    }
}

/// <summary>The sections of a module, put together in the order of the binary format.</summary>
internal sealed class ModuleSections
{
    public SectionWriter Imports { get; } = new();

    public SectionWriter Functions { get; } = new();

    public SectionWriter Tables { get; } = new();

    public SectionWriter Memories { get; } = new();

    public SectionWriter Tags { get; } = new();

    public SectionWriter Globals { get; } = new();

    public SectionWriter Exports { get; } = new();

    public SectionWriter Elements { get; } = new();

    public SectionWriter Code { get; } = new();

    public SectionWriter Data { get; } = new();

    public uint? Start { get; set; }

    /// <summary>Whether code names a data segment, which the binary format allows only after a data count section.</summary>
    public bool NeedsDataCount { get; set; }

    public byte[] ToBinary(TextModule module)
    {
        var binary = new ByteWriter();
        binary.Bytes("\0asm"u8);
        binary.LittleEndian32(1);
        Section(binary, 1, module.Types.Section);
        Section(binary, 2, Imports);
        Section(binary, 3, Functions);
        Section(binary, 4, Tables);
        Section(binary, 5, Memories);
        Section(binary, 13, Tags);
        Section(binary, 6, Globals);
        Section(binary, 7, Exports);
        if (Start is { } start)
        {
            Section(binary, 8, w => w.Unsigned(start));
        }

        Section(binary, 9, Elements);
        if (NeedsDataCount)
        {
            Section(binary, 12, w => w.Unsigned(Data.Count));
        }

        Section(binary, 10, Code);
        Section(binary, 11, Data);
        Names(binary, module);
        return binary.Written.ToArray();
    }

    private static void Section(ByteWriter binary, byte id, SectionWriter section)
    {
        if (section.Count > 0)
        {
            Section(binary, id, w =>
            {
                w.Unsigned(section.Count);
                w.Bytes(section.Entries.Written);
            });
        }
    }

    private static void Section(ByteWriter binary, byte id, Action<ByteWriter> write)
    {
        var content = new ByteWriter();
        write(content);
        binary.Byte(id);
        binary.Vector(content.Written);
    }

    // The custom section "name" carries identifiers over, so that a trap can say in which function it happened.
    private static void Names(ByteWriter binary, TextModule module)
    {
        var names = new ByteWriter();
        names.Vector("name"u8);
        var headerLength = names.Length;
        if (module.Name is { } moduleName)
        {
            Section(names, 0, w => w.Vector(Encoding.UTF8.GetBytes(moduleName)));
        }

        var functions = module.Functions.Names.ToList();
        if (functions.Count > 0)
        {
            Section(names, 1, w =>
            {
                w.Unsigned((ulong)functions.Count);
                foreach (var (name, index) in functions)
                {
                    w.Unsigned(index);
                    w.Vector(Encoding.UTF8.GetBytes(name));
                }
            });
        }

        if (names.Length > headerLength)
        {
            Section(binary, 0, w => w.Bytes(names.Written));
        }
    }
}

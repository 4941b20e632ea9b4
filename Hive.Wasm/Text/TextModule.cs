namespace Hive.Wasm.Text;

/// <summary>What the parts of one module's translation share: its index spaces, its types and the sections written so far.</summary>
internal sealed class TextModule
{
    public TextModule(TokenReader reader)
    {
        Reader = reader;
        Types = new TypeTable(this);
    }

    public TokenReader Reader { get; }

    /// <summary>The module's own identifier, without <c>$</c>, if it has one.</summary>
    public string? Name { get; set; }

    public TypeTable Types { get; }

    public IndexSpace Functions { get; } = new("func");

    public IndexSpace Tables { get; } = new("table");

    public IndexSpace Memories { get; } = new("memory");

    public IndexSpace Globals { get; } = new("global");

    public IndexSpace Tags { get; } = new("tag");

    public IndexSpace Elements { get; } = new("elem segment");

    public IndexSpace DataSegments { get; } = new("data segment");

    public ModuleSections Sections { get; } = new();

    /// <summary>The proposals beyond WebAssembly 2.0 whose syntax was met.</summary>
    public WasmFeatures Features { get; private set; }

    public void Require(WasmFeatures features) => Features |= features;

    public WasmTextException Error(int offset, string rule) => Reader.Source.Error(offset, rule);
}

using Hive.Wasm.Text;

namespace Hive.Wasm.Spec;

/// <summary>A module as a script holds it: text in place, quoted text, or binary. Translated when it is needed, since it may be malformed.</summary>
internal sealed class ScriptModule
{
    private readonly TextSource? _text;
    private readonly byte[]? _quoted;
    private readonly byte[]? _binary;

    private ScriptModule(TextSource? text, byte[]? quoted, byte[]? binary)
    {
        _text = text;
        _quoted = quoted;
        _binary = binary;
    }

    public static ScriptModule InPlace(TextSource text) => new(text, null, null);

    public static ScriptModule Quoted(byte[] text) => new(null, text, null);

    public static ScriptModule Binary(byte[] binary) => new(null, null, binary);

    /// <summary>Whether the script gives the module in the binary format.</summary>
    public bool IsBinary => _binary is not null;

    /// <summary>The module in the binary format, and the proposals its text uses; for a module given in binary they are not known.</summary>
    /// <exception cref="WasmTextException">The text is malformed.</exception>
    public (byte[] Binary, WasmFeatures Features) Translate() => _binary is not null
        ? (_binary, WasmFeatures.None)
        : WatCompiler.Translate(_text ?? TextSource.FromBytes(_quoted!, "quoted module"));
}

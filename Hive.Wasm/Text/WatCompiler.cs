namespace Hive.Wasm.Text;

/// <summary>
/// Translates modules from the text format (<c>.wat</c>) to the binary format: all the syntax of WebAssembly 3.0, abbreviations and annotations
/// included. It checks what the text format demands; whether the module is valid is for the decoder and validator to say.
/// Time and memory are linear in the length of the text, and no nesting exhausts the stack.
/// </summary>
public static class WatCompiler
{
    /// <summary>Translates one module, written as <c>(module …)</c> or as its fields alone.</summary>
    /// <param name="text">The module as text, at most 64 MiB of UTF-8.</param>
    /// <param name="name">What errors call the text: a file name, for example.</param>
    /// <returns>The module in the binary format.</returns>
    /// <exception cref="WasmTextException">The text breaks a rule of the text format; the message says where and which.</exception>
    public static byte[] ToBinary(string text, string name = "module")
    {
        ArgumentNullException.ThrowIfNull(text);
        return Translate(TextSource.FromString(text, name)).Binary;
    }

    /// <summary>Translates one module given as UTF-8 bytes, as a file holds it.</summary>
    /// <param name="text">The module as UTF-8 text, at most 64 MiB.</param>
    /// <param name="name">What errors call the text: a file name, for example.</param>
    /// <returns>The module in the binary format.</returns>
    /// <exception cref="WasmTextException">The text breaks a rule of the text format; the message says where and which.</exception>
    public static byte[] ToBinary(byte[] text, string name = "module")
    {
        ArgumentNullException.ThrowIfNull(text);
        return Translate(TextSource.FromBytes(text, name)).Binary;
    }

    /// <summary>Translates one module and tells which proposals beyond WebAssembly 2.0 it uses.</summary>
    internal static (byte[] Binary, WasmFeatures Features) Translate(TextSource source)
    {
        var reader = new TokenReader(source);
        var module = new TextModule(reader);
        var wrapped = reader.TryOpen("module"u8);
        if (wrapped && reader.TryIdentifier() is { } identifier)
        {
            module.Name = reader.IdentifierName(identifier);
        }

        var fields = new FieldIndexer(module).Fields();
        if (wrapped)
        {
            reader.Close();
        }

        if (!reader.At(TokenKind.End))
        {
            throw reader.Unexpected(wrapped ? "the end of the text after the module" : "a field of a module");
        }

        var definitions = new TypeDefinitions(module);
        foreach (var field in fields.Where(f => f.Kind == FieldKind.Type))
        {
            reader.Seek(field.Start);
            definitions.Field();
        }

        var encoder = new FieldEncoder(module);
        foreach (var field in fields.Where(f => f.Kind != FieldKind.Type))
        {
            reader.Seek(field.Start);
            encoder.Field(field.Kind);
        }

        return (module.Sections.ToBinary(module), module.Features);
    }

    /// <summary>The line on which a function of a well-formed text begins; null where there is no such function.</summary>
    internal static int? LineOfFunction(TextSource source, int function)
    {
        var reader = new TokenReader(source);
        if (reader.TryOpen("module"u8))
        {
            reader.TryIdentifier();
        }

        var indexer = new FieldIndexer(new TextModule(reader));
        indexer.Fields();
        return function >= 0 && function < indexer.FunctionStarts.Count ? source.LineAt(indexer.FunctionStarts[function]) : null;
    }
}

using Hive.Wasm.Text;

namespace Hive.Wasm;

/// <summary>
/// A decoded and validated module. It may be instantiated many times and by many threads; its functions are compiled when
/// first called, once for all instances. Compiled code is unloaded when the module and its instances are unreachable.
/// </summary>
public sealed class Module : IDisposable
{
    private readonly Lazy<IReadOnlyList<Import>> _imports;
    private readonly Lazy<IReadOnlyList<Export>> _exports;
    private ModuleCode? _code;

    private Module(Engine engine, string name, ModuleDefinition definition)
    {
        Engine = engine;
        Name = name;
        Definition = definition;
        _code = new ModuleCode(engine, name, definition);
        _imports = new(() => [.. definition.Imports.Select(import => new Import(import.Module, import.Name, TypeOf(import.Kind, import.Index)))]);
        _exports = new(() => [.. definition.Exports.Select(export => new Export(export.Name, TypeOf(export.Kind, export.Index)))]);
    }

    /// <summary>The engine this module was made for.</summary>
    public Engine Engine { get; }

    /// <summary>The name given by the host, for messages.</summary>
    public string Name { get; }

    /// <summary>What an instance needs, in the module's order.</summary>
    public IReadOnlyList<Import> Imports => _imports.Value;

    /// <summary>What an instance offers, in the module's order.</summary>
    public IReadOnlyList<Export> Exports => _exports.Value;

    internal ModuleDefinition Definition { get; }

    internal ModuleCode Code => _code ?? throw new ObjectDisposedException(nameof(Module), $"The module {Name} is disposed.");

    /// <summary>Decodes and validates a binary module.</summary>
    /// <param name="engine">The engine whose limits hold.</param>
    /// <param name="name">A name for messages.</param>
    /// <param name="bytes">The module; it is copied.</param>
    /// <exception cref="WasmDecodeException">The bytes are no module.</exception>
    /// <exception cref="WasmValidationException">The module breaks a rule or a limit.</exception>
    public static Module FromBytes(Engine engine, string name, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(name);
        if (bytes.Length > engine.Config.MaxModuleBytes)
            throw new WasmValidationException(0, -1, $"the module has {bytes.Length} bytes; the limit is {engine.Config.MaxModuleBytes}");
        var definition = ModuleDecoder.Decode(engine, bytes.ToArray());
        return new Module(engine, name, definition);
    }

    /// <summary>Compiles a module in the text format.</summary>
    /// <param name="engine">The engine whose limits hold.</param>
    /// <param name="name">A name for messages.</param>
    /// <param name="wat">The text.</param>
    /// <exception cref="WasmTextException">The text is no module.</exception>
    /// <exception cref="WasmValidationException">The module breaks a rule or a limit.</exception>
    public static Module FromText(Engine engine, string name, string wat)
    {
        ArgumentNullException.ThrowIfNull(wat);
        return FromText(engine, name, TextSource.FromString(wat, name));
    }

    /// <summary>Reads a module from a file: text if its name ends with <c>.wat</c>, binary otherwise.</summary>
    /// <param name="engine">The engine whose limits hold.</param>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="WasmException">The file holds no valid module.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Module FromFile(Engine engine, string path)
    {
        using var stream = File.OpenRead(path);
        var name = Path.GetFileNameWithoutExtension(path);
        return path.EndsWith(".wat", StringComparison.OrdinalIgnoreCase)
            ? FromText(engine, name, TextSource.FromBytes(ReadBounded(engine, stream), name))
            : FromStream(engine, name, stream);
    }

    /// <summary>Reads a binary module from a stream.</summary>
    /// <param name="engine">The engine whose limits hold.</param>
    /// <param name="name">A name for messages.</param>
    /// <param name="stream">Read to its end, or to the limit of a module's size.</param>
    /// <exception cref="WasmException">The stream holds no valid module.</exception>
    public static Module FromStream(Engine engine, string name, Stream stream) => FromBytes(engine, name, ReadBounded(engine, stream));

    /// <summary>Lets the compiled code go as soon as no instance uses it.</summary>
    public void Dispose() => _code = null;

    /// <summary>An offset in the binary tells an author of text nothing, so the function's line is told too.</summary>
    private static Module FromText(Engine engine, string name, TextSource text)
    {
        var binary = WatCompiler.Translate(text).Binary;
        try
        {
            return FromBytes(engine, name, binary);
        }
        catch (WasmValidationException e) when (WatCompiler.LineOfFunction(text, e.Function) is { } line)
        {
            throw new WasmValidationException(e.Offset, e.Function, $"{e.Rule}, in the function that begins at {name}:{line}");
        }
    }

    private ExternalType TypeOf(ExternalKind kind, int index) => kind switch
    {
        ExternalKind.Function => new FunctionExternalType(Definition.Functions[index]),
        ExternalKind.Table => Definition.Tables[index],
        ExternalKind.Memory => Definition.Memories[index],
        ExternalKind.Global => Definition.Globals[index],
        _ => new TagType(Definition.Tags[index]),
    };

    private static byte[] ReadBounded(Engine engine, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(stream);
        var limit = engine.Config.MaxModuleBytes;
        using var buffer = new MemoryStream();
        var chunk = new byte[81920];
        for (int read; (read = stream.Read(chunk)) > 0;)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > limit) throw new WasmValidationException(limit, -1, $"the module has more than {limit} bytes");
        }

        return buffer.ToArray();
    }
}

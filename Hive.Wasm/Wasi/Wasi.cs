namespace Hive.Wasm;

/// <summary>
/// The world of one WASI preview 1 program: what it was given and what it has written. Made for one run.
/// Interface: https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md
/// </summary>
public sealed partial class Wasi
{
    /// <summary>The first name of the interface's imports.</summary>
    public const string ModuleName = "wasi_snapshot_preview1";

    private readonly WasiConfiguration _configuration;
    private readonly List<Descriptor?> _descriptors;
    private readonly OutputDescriptor _output;
    private readonly OutputDescriptor _error;
    private readonly byte[][] _arguments;
    private readonly byte[][] _environment;
    private ulong _elapsed;
    private ulong _random;

    /// <summary>Makes a world.</summary>
    /// <param name="configuration">What the program is given.</param>
    /// <exception cref="ArgumentException">A file's path is malformed, or text holds a zero byte.</exception>
    public Wasi(WasiConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _configuration = configuration;
        _output = new OutputDescriptor(configuration.MaxOutputBytes);
        _error = new OutputDescriptor(configuration.MaxOutputBytes);
        var root = new DirectoryDescriptor(new FileTree(configuration.Files).Root, "/");
        _descriptors = [new InputDescriptor(configuration.StandardInput), _output, _error, root];
        _arguments = [.. configuration.Arguments.Select(ZeroTerminated)];
        _environment = [.. configuration.Environment.Select(variable => ZeroTerminated($"{variable.Key}={variable.Value}"))];
        _random = configuration.RandomSeed;
    }

    /// <summary>What the program has written to standard output.</summary>
    public byte[] StandardOutput => _output.Bytes;

    /// <summary>What the program has written to standard error.</summary>
    public byte[] StandardError => _error.Bytes;

    /// <summary>Runs a command: calls its <c>_start</c>.</summary>
    /// <param name="instance">An instance linked with this world.</param>
    /// <returns>The exit code: what the program gave to <c>proc_exit</c>, or 0.</returns>
    /// <exception cref="LinkException">The module exports no function <c>_start</c> without parameters and results.</exception>
    /// <exception cref="TrapException">The program trapped.</exception>
    public static int Run(Instance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        var start = instance.GetFunction("_start");
        if (start is null || start.Type.Parameters.Count + start.Type.Results.Count > 0)
            throw new LinkException("The module is no WASI command: it must export a function _start without parameters and results.");
        try
        {
            start.Invoke();
            return 0;
        }
        catch (WasiExitException exit)
        {
            return exit.ExitCode;
        }
    }

    private static byte[] ZeroTerminated(string text) => text.Contains('\0')
        ? throw new ArgumentException($"The argument or variable '{text}' holds a zero byte.")
        : System.Text.Encoding.UTF8.GetBytes(text + '\0');
}

/// <summary>The program ended itself. It passes through guest code, which cannot catch it.</summary>
public sealed class WasiExitException : WasmException
{
    internal WasiExitException(int exitCode) : base($"The program exited with code {exitCode}.") => ExitCode = exitCode;

    /// <summary>The exit code; 0 is success.</summary>
    public int ExitCode { get; }
}

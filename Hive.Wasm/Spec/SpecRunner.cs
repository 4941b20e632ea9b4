using Hive.Wasm.Text;

namespace Hive.Wasm.Spec;

/// <summary>
/// Runs scripts of the official WebAssembly test suite (<c>.wast</c>). A command counts as skipped only where the engine refuses a module
/// that uses a proposal which is listed as unsupported, or where it depends on such a module; everything else passes or fails.
/// </summary>
public static class SpecRunner
{
    private const int LongestScript = TextSource.MaximumLength;

    /// <summary>Runs one script in a store of its own.</summary>
    /// <param name="path">Path of the <c>.wast</c> file, at most 64 MiB.</param>
    /// <param name="cancellationToken">Stops the script, guest code included.</param>
    /// <returns>The counts, and why commands failed or were skipped. A script that cannot be read to its end has a failure that says so.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static SpecFileResult Run(string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        var name = Path.GetFileName(path);
        if (new FileInfo(path).Length > LongestScript)
        {
            return new SpecFileResult(name, 0, [new SpecNote(0, $"the script is longer than {LongestScript} bytes")], []);
        }

        return Run(File.ReadAllBytes(path), name, cancellationToken);
    }

    /// <summary>Runs a script given as UTF-8 text.</summary>
    internal static SpecFileResult Run(byte[] script, string name, CancellationToken cancellationToken)
    {
        using var session = new ScriptSession(UnsupportedFeatures.Files.GetValueOrDefault(Path.GetFileNameWithoutExtension(name)), cancellationToken);
        var (passed, failures, skips) = (0, new List<SpecNote>(), new List<SpecNote>());
        try
        {
            foreach (var command in new ScriptParser(TextSource.FromBytes(script, name)).Commands())
            {
                cancellationToken.ThrowIfCancellationRequested();
                var outcome = Guarded(session, command);
                cancellationToken.ThrowIfCancellationRequested();
                switch (outcome.Kind)
                {
                    case OutcomeKind.Passed:
                        passed++;
                        break;
                    case OutcomeKind.Failed:
                        failures.Add(new SpecNote(command.Line, outcome.Reason));
                        break;
                    default:
                        skips.Add(new SpecNote(command.Line, outcome.Reason));
                        break;
                }
            }
        }
        catch (WasmTextException e)
        {
            failures.Add(new SpecNote(e.Line, $"the script cannot be read: {e.Message}"));
        }

        return new SpecFileResult(name, passed, failures, skips);
    }

    // A fault of the engine is a failure of this command, and the script goes on.
    private static Outcome Guarded(ScriptSession session, ScriptCommand command)
    {
        try
        {
            return session.Execute(command);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Outcome.Failed($"{e.GetType().Name}: {e.Message}");
        }
    }
}

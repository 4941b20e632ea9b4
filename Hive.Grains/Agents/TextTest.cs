using System.Text;
using Hive.Evaluators;
using Hive.Evaluators.Commands;
using Hive.Goals;
using Hive.Processes;

namespace Hive.Agents;

/// <summary>Has a goal's test program judge a text: a command outside, or a WebAssembly program in the sandbox. It reads the text and says by its exit status whether it is good.</summary>
internal static class TextTest
{
    private const int MaxOutput = 16 * 1024;

    /// <summary>Judges.</summary>
    /// <param name="tests">The program.</param>
    /// <param name="directory">The folder that its relative paths start from.</param>
    /// <param name="text">The text.</param>
    /// <param name="clock">Measures the time-out.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task<TextTestResult> RunAsync(TestsCheck tests, string directory, string text, TimeProvider clock, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(tests.TimeoutSeconds), clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return tests.Wasm is { } wasm
                ? TextTestModule.Run(wasm, directory, text, stop.Token)
                : await RunAsync(tests.Command, directory, text, clock, stop.Token);
        }
        catch (EvaluatorException e)
        {
            return new TextTestResult(false, e.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new TextTestResult(false, FormattableString.Invariant($"it took longer than {tests.TimeoutSeconds} s"));
        }
    }

    private static async Task<TextTestResult> RunAsync(
        System.Collections.Immutable.ImmutableArray<string> command, string directory, string text, TimeProvider clock, CancellationToken stop)
    {
        using var program = new EvaluatorProgram(command, Path.GetFullPath(directory), new Supervision(), clock);
        await using var child = program.Start();
        var feeding = FeedAsync(child.Input, text, stop);
        var output = await ReadTailAsync(child, stop).ConfigureAwait(false);
        await child.Exited.WaitAsync(stop).ConfigureAwait(false);
        await feeding.ConfigureAwait(false);
        var errors = await child.ErrorSummaryAsync().ConfigureAwait(false);
        return new TextTestResult(child.ExitStatus == 0, child.ExitStatus == 0 || errors.Length == 0 ? output : $"{output}\n{errors}".Trim());
    }

    private static async Task FeedAsync(Stream input, string text, CancellationToken stop)
    {
        try
        {
            await input.WriteAsync(Encoding.UTF8.GetBytes(text), stop).ConfigureAwait(false);
            await input.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It need not read its input; its exit status is what counts.
        }
    }

    /// <summary>The end of what it prints: that is where programs say what failed.</summary>
    private static async Task<string> ReadTailAsync(ChildProcess child, CancellationToken stop)
    {
        var (kept, buffer) = (new List<byte>(), new byte[4096]);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, child.Silenced);
        try
        {
            while (await child.Output.ReadAsync(buffer, either.Token).ConfigureAwait(false) is > 0 and var read)
            {
                kept.AddRange(buffer.AsSpan(0, read));
                if (kept.Count > 2 * MaxOutput)
                {
                    kept.RemoveRange(0, kept.Count - MaxOutput);
                }
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The program has ended and something that it started holds the output open.
        }

        var tail = kept.Count <= MaxOutput ? kept : kept.GetRange(kept.Count - MaxOutput, MaxOutput);
        return Encoding.UTF8.GetString([.. tail]).Trim();
    }
}

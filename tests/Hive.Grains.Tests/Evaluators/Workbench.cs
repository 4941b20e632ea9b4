using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Hive.Evaluators;
using Hive.Goals;
using Hive.Spaces;
using Hive.Testing;

namespace Hive.Grains.Tests.Evaluators;

/// <summary>A temporary folder of evaluator programs, and evaluators that run them on the space {"x": real, "y": real}.</summary>
internal sealed class Workbench : IDisposable
{
    /// <summary>Reads requests and has <c>answer(id, x, line)</c> print what it likes; flushing is left to Hive's environment.</summary>
    public const string Loop = """
        import json, sys
        for line in sys.stdin:
            request = json.loads(line)
            answer(request["id"], request["candidate"]["x"], line)
        """;

    /// <summary>Long enough never to be the reason on a busy machine.</summary>
    public const double Patient = 60;

    private readonly TimeProvider _clock;

    public Workbench(TimeProvider? clock = null)
    {
        _clock = clock ?? TimeProvider.System;
        Folder = Directory.CreateTempSubdirectory("hive-evaluator-").FullName;
        Token = Path.GetFileName(Folder);
    }

    public static SearchSpace Space { get; } =
        SearchSpace.Of([new NamedDimension("x", new RealDimension(-1000, 1000)), new NamedDimension("y", new RealDimension(-1000, 1000))]);

    /// <summary>Where programs lie and run.</summary>
    public string Folder { get; }

    /// <summary>A word that the folder's name contains and nothing else, to find its processes by.</summary>
    public string Token { get; }

    public static MetricCheck Metric(EvaluatorSpec evaluator) => new("score", MetricDirection.Maximize, null, evaluator);

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text.ReplaceLineEndings("\n"), new UTF8Encoding(false));
        return path;
    }

    public string WriteProgram(string name, string text)
    {
        var path = Write(name, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    /// <summary>Makes a named pipe, through which a program tells the test where it is.</summary>
    public async Task MakePipeAsync(string name)
    {
        using var process = Process.Start("mkfifo", PathOf(name));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>Opens a named pipe for good, so that each line which a program writes into it can be awaited.</summary>
    public StreamReader OpenPipe(string name) => new(new FileStream(PathOf(name), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0));

    /// <summary>What a program writes into a named pipe; waits until there is a writer.</summary>
    public Task<string> ReadPipeAsync(string name) => Task.Run(() => File.ReadAllText(PathOf(name)));

    public string PathOf(string name) => Path.Combine(Folder, name);

    public IEvaluator Python(EvaluatorProtocol protocol, string script, double timeout = Patient) =>
        Evaluator(protocol, timeout, "/usr/bin/env", "python3", Write("evaluator.py", script));

    public IEvaluator Shell(EvaluatorProtocol protocol, string script, double timeout = Patient) =>
        Evaluator(protocol, timeout, "sh", Write("evaluator.sh", script));

    public IEvaluator Evaluator(EvaluatorProtocol protocol, double timeout, params string[] command) => Evaluator(Space, protocol, timeout, command);

    public IEvaluator Evaluator(SearchSpace space, EvaluatorProtocol protocol, double timeout, params string[] command)
    {
        var spec = new CommandEvaluatorSpec([.. command], protocol, timeout);
        return EvaluatorFactory.Create(spec, Metric(spec), space, Folder, _clock);
    }

    /// <summary>Points whose x is given and whose y is 0.</summary>
    public static IReadOnlyList<double[]> Points(params double[] xs) => [.. xs.Select(x => new[] { x, 0 })];

    public static async Task<Measurement[]> MeasureAsync(IEvaluator evaluator, params double[] xs)
    {
        var results = new Measurement[xs.Length];
        await evaluator.MeasureAsync(Points(xs), results, TestContext.Current.CancellationToken);
        return results;
    }

    /// <summary>The processes that run in the folder, name it, or were started by an evaluator that does.</summary>
    public ImmutableArray<int> Running() => MachineProcesses.Mentioning(Token);

    public void Dispose()
    {
        foreach (var process in Running())
        {
            MachineProcesses.Kill(process);
        }

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Fails unless every process of the folder ends; a killed one may need a moment of the machine's time to be gone.</summary>
    public async Task NothingIsLeftAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(Patient));
        while (Running() is { Length: > 0 } left)
        {
            Assert.False(patience.IsCancellationRequested, $"still running: {string.Join(", ", left.Select(MachineProcesses.Describe))}");
            await Task.Yield();
        }
    }
}

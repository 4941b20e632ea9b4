using Hive.Evaluators;
using Hive.Goals;

namespace Hive.Grains.Tests.Evaluators;

public sealed class WasmEvaluatorTests : IDisposable
{
    /// <summary>The metric is x − y, the violation |x| where x is negative; an x above 100 runs for ever, one above 50 traps.</summary>
    private const string Numeric = """
        (module
          (memory (export "memory") 1)
          (global $x (mut f64) (f64.const 0))
          (func (export "reserve") (param i32) (result i32) (i32.const 1024))
          (func (export "evaluate") (param $point i32) (param $length i32) (result f64)
            (global.set $x (f64.load (local.get $point)))
            (if (f64.gt (global.get $x) (f64.const 100)) (then (loop $forever (br $forever))))
            (if (f64.gt (global.get $x) (f64.const 50)) (then unreachable))
            (f64.sub (global.get $x) (f64.load offset=8 (local.get $point))))
          (func (export "violation") (result f64)
            (f64.max (f64.const 0) (f64.neg (global.get $x)))))
        """;

    private readonly Workbench _workbench = new();

    public void Dispose() => _workbench.Dispose();

    [Fact]
    public async Task A_numeric_module_measures_points_as_they_are()
    {
        await using var evaluator = Create("numeric.wat", Numeric);
        var results = await MeasureAsync(evaluator, [3, 1], [-2, 0.5], [0.1, 0.2]);
        Assert.Equal([new Measurement(2, 0, null), new Measurement(-2.5, 2, null), new Measurement(0.1 - 0.2, 0, null)], results);
    }

    [Fact]
    public async Task A_candidate_that_traps_or_runs_for_ever_fails_alone()
    {
        await using var evaluator = Create("numeric.wat", Numeric, fuel: 100_000);
        var results = await MeasureAsync(evaluator, [1, 0], [60, 0], [2, 0], [200, 0], [3, 0]);
        Assert.Equal([1, 2, 3], results.Where(result => result.Failure is null).Select(result => result.Metric));
        Assert.Contains("unreachable", results[1].Failure, StringComparison.Ordinal);
        Assert.Contains("fuel", results[3].Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancellation_stops_a_module_that_runs_for_ever()
    {
        await using var evaluator = Create("numeric.wat", Numeric, fuel: 1L << 50);
        using var cancellation = new CancellationTokenSource();
        var running = Task.Run(() => MeasureAsync(evaluator, cancellation.Token, [200, 0]), CancellationToken.None);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_WASI_command_speaks_the_protocol_of_commands()
    {
        // It prints its answer whatever it is asked, and ends with exit code 3 where the input begins with another byte than '{'.
        await using var evaluator = Create("command.wat", """
            (module
              (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (memory (export "memory") 1)
              (data (i32.const 0) "\00\04\00\00\00\04\00\00\00\08\00\00\1a\00\00\00")
              (data (i32.const 2048) "score: 2.5\nviolation: 0.25\n")
              (func (export "_start")
                (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 16)))
                (if (i32.ne (i32.load8_u (i32.const 1024)) (i32.const 123)) (then (call $exit (i32.const 3))))
                (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))))
            """);
        Assert.Equal([new Measurement(2.5, 0.25, null), new Measurement(2.5, 0.25, null)], await MeasureAsync(evaluator, [1, 2], [3, 4]));
    }

    [Theory]
    [InlineData("(module", "refused")]
    [InlineData("(module (func (result i32)))", "refused")]
    [InlineData("(module)", "measures nothing")]
    [InlineData(null, "cannot be read")]
    public void A_module_that_cannot_measure_is_refused_before_the_goal_begins(string? text, string told)
    {
        if (text is not null)
        {
            _workbench.Write("module.wat", text);
        }

        var refused = Assert.Throws<EvaluatorException>(() => EvaluatorFactory.Check(new WasmEvaluatorSpec("module.wat", null), Workbench.Space, _workbench.Folder));
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
    }

    private static Task<Measurement[]> MeasureAsync(IEvaluator evaluator, params double[][] points) => MeasureAsync(evaluator, CancellationToken.None, points);

    private static async Task<Measurement[]> MeasureAsync(IEvaluator evaluator, CancellationToken cancellation, params double[][] points)
    {
        var results = new Measurement[points.Length];
        await evaluator.MeasureAsync(points, results, cancellation);
        return results;
    }

    private IEvaluator Create(string name, string text, long? fuel = null)
    {
        _workbench.Write(name, text);
        var spec = new WasmEvaluatorSpec(name, fuel);
        return EvaluatorFactory.Create(spec, Workbench.Metric(spec), Workbench.Space, _workbench.Folder, TimeProvider.System);
    }
}

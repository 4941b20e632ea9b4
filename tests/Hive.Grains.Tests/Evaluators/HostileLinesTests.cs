using Hive.Evaluators;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Grains.Tests.Evaluators;

/// <summary>Protocol <c>lines</c> with programs that crash, hang and babble. A candidate of 13 is the unlucky one.</summary>
public class HostileLinesTests
{
    // Its candidates take 400 kilobytes, more than any pipe.
    private static readonly SearchSpace Large = SearchSpace.Of([new NamedDimension("xs", new VectorDimension(20_000, new RealDimension(0, 1)))]);

    [Theory]
    [InlineData("os._exit(3)", "the evaluator ended with status 3")]
    [InlineData("os.kill(os.getpid(), signal.SIGSEGV)", "the evaluator ended with status 139")]
    [InlineData("raise ValueError('thirteen')", "ValueError: thirteen")]
    [InlineData("print('x' * (1 << 20) + 'x')", "a line of more than 1048576 bytes")]
    [InlineData("while True: os.write(1, b'x' * 65536)", "a line of more than 1048576 bytes")]
    [InlineData("while True: os.write(1, b'noise' + bytes([10]))", "more than 1000 lines that answer nothing, such as 'noise'")]
    [InlineData("while True: os.write(1, bytes([10]))", "more than 1000 lines that answer nothing, such as ''")]
    [InlineData("os.close(1); signal.pause()", "the evaluator closed its standard output")]
    [InlineData("os.kill(0, signal.SIGKILL)", "the evaluator ended with status 137")]
    public async Task The_point_that_ends_a_process_fails_alone(string deed, string reason)
    {
        using var bench = new Workbench();
        await using (var evaluator = bench.Python(EvaluatorProtocol.Lines, $$"""
            import os, signal
            def answer(id, x, line):
                if x == 13:
                    {{deed}}
                print(json.dumps({"id": id, "metric": x}))
            {{Workbench.Loop}}
            """))
        {
            var results = await Workbench.MeasureAsync(evaluator, 5, 6, 7, 13, 8, 9, 10);

            Assert.Contains(reason, results[3].Failure, StringComparison.Ordinal);
            Assert.Equal([5, 6, 7, 8, 9, 10], results.Where(result => result.Failure is null).Select(result => result.Metric));
        }

        await bench.NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_process_that_closes_its_input_fails_its_point_at_once()
    {
        using var bench = new Workbench();
        await using var evaluator = bench.Evaluator(Large, EvaluatorProtocol.Lines, Workbench.Patient, "sh", "-c", "exec 0<&-; sleep 1000");
        var results = new Measurement[1];

        await evaluator.MeasureAsync([Enumerable.Repeat(1 / 3.0, Large.Length).ToArray()], results, TestContext.Current.CancellationToken);

        Assert.Equal("the evaluator closed its standard input", results[0].Failure);
    }

    [Fact]
    public async Task An_evaluator_that_never_answers_is_reported_as_unusable_after_a_bounded_number_of_starts()
    {
        using var bench = new Workbench();
        await using var evaluator = bench.Shell(EvaluatorProtocol.Lines, """
            echo start >> starts.txt
            echo "no module named numpy" >&2
            exit 1
            """);

        var error = await Assert.ThrowsAsync<EvaluatorException>(() => Workbench.MeasureAsync(evaluator, [.. new double[100]]));

        Assert.Contains("ended 20 times in a row without an answer", error.Message, StringComparison.Ordinal);
        Assert.Contains("ended with status 1; on standard error: no module named numpy", error.Message, StringComparison.Ordinal);
        Assert.Equal(20, File.ReadAllLines(bench.PathOf("starts.txt")).Length);
    }

    [Fact]
    public async Task A_point_that_is_slow_beside_others_does_not_cost_them_their_own_time()
    {
        // All ten together take longer than the time-out.
        using var bench = new Workbench();
        await using var evaluator = bench.Python(EvaluatorProtocol.Lines, $$"""
            import time
            def answer(id, x, line):
                time.sleep(0.35)
                print(json.dumps({"id": id, "metric": x}))
            {{Workbench.Loop}}
            """, timeout: 3);

        var results = await Workbench.MeasureAsync(evaluator, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);

        Assert.All(results, result => Assert.Null(result.Failure));
    }

    [Fact]
    public async Task A_process_with_many_workers_loses_only_the_guilty_point()
    {
        // Answers are held back until eight have come: at the crash, innocent points are unanswered before and after the guilty one.
        using var bench = new Workbench();
        await using var evaluator = bench.Python(EvaluatorProtocol.Lines, """
            import json, os, select, sys
            def answer(request):
                return json.dumps({"id": request["id"], "metric": request["candidate"]["x"]}) + "\n"
            held = []
            buffer = b""
            while True:
                if not select.select([0], [], [], 0 if held else None)[0]:
                    os.write(1, "".join(map(answer, held)).encode())
                    held = []
                    continue
                chunk = os.read(0, 1 << 20)
                if not chunk:
                    break
                buffer += chunk
                *lines, buffer = buffer.split(b"\n")
                held += map(json.loads, lines)
                if any(request["candidate"]["x"] == 13 for request in held):
                    os._exit(9)
            """);

        var results = await Workbench.MeasureAsync(evaluator, [.. Enumerable.Range(0, 60)]);

        Assert.Equal([13], Enumerable.Range(0, 60).Where(i => results[i].Failure is not null));
        Assert.Equal(Enumerable.Range(0, 60).Where(i => i != 13), results.Where(result => result.Failure is null).Select(result => (int)result.Metric));
    }
}

using Hive.Evaluators;
using Hive.Goals;

namespace Hive.Grains.Tests.Evaluators;

/// <summary>Cancellation and disposal reach the child, whatever it is doing.</summary>
public class CancellationTests
{
    // It says through a named pipe that it runs, so that the test knows when to strike.
    private const string Hang = """
        trap '' TERM
        setsid sleep 1000 &
        env -i sleep 1000 &
        read request
        echo ready > ready.pipe
        while :; do sleep 1000; done
        """;

    [Theory]
    [InlineData(EvaluatorProtocol.Once)]
    [InlineData(EvaluatorProtocol.Lines)]
    public async Task Cancelling_a_measurement_ends_what_it_started(EvaluatorProtocol protocol)
    {
        using var bench = new Workbench();
        await bench.MakePipeAsync("ready.pipe");
        await using var evaluator = bench.Shell(protocol, Hang);
        using var cancellation = new CancellationTokenSource();

        var measuring = evaluator.MeasureAsync(Workbench.Points(1), new Measurement[1], cancellation.Token).AsTask();
        Assert.Equal("ready\n", await bench.ReadPipeAsync("ready.pipe"));
        Assert.NotEmpty(bench.Running());
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => measuring);
        await evaluator.DisposeAsync();
        await bench.NothingIsLeftAsync();
    }

    [Theory]
    [InlineData(EvaluatorProtocol.Once)]
    [InlineData(EvaluatorProtocol.Lines)]
    public async Task A_cancelled_measurement_starts_nothing(EvaluatorProtocol protocol)
    {
        using var bench = new Workbench();
        await using var evaluator = bench.Shell(protocol, "echo started > started.txt");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => evaluator.MeasureAsync(Workbench.Points(1), new Measurement[1], new CancellationToken(canceled: true)).AsTask());

        Assert.False(File.Exists(bench.PathOf("started.txt")));
    }

    [Fact]
    public async Task After_a_cancelled_measurement_the_evaluator_measures_on()
    {
        using var bench = new Workbench();
        await bench.MakePipeAsync("ready.pipe");
        await using var evaluator = bench.Python(EvaluatorProtocol.Lines, $$"""
            def answer(id, x, line):
                if x == 13:
                    open("ready.pipe", "w").write("ready")
                    sys.stdin.read()
                print(json.dumps({"id": id, "metric": x}))
            {{Workbench.Loop}}
            """);
        using var cancellation = new CancellationTokenSource();
        var measuring = evaluator.MeasureAsync(Workbench.Points(1, 13, 2), new Measurement[3], cancellation.Token).AsTask();
        await bench.ReadPipeAsync("ready.pipe");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => measuring);

        Assert.Equal([3, 4], (await Workbench.MeasureAsync(evaluator, 3, 4)).Select(result => result.Metric));
    }

    [Fact]
    public async Task Disposing_of_an_evaluator_ends_a_process_that_ignores_the_end_of_its_input()
    {
        using var bench = new Workbench();
        await using (var evaluator = bench.Python(EvaluatorProtocol.Lines, """
            import json, signal, subprocess, sys
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            subprocess.Popen(["sleep", "1000"], start_new_session=True)
            request = json.loads(sys.stdin.readline())
            print(json.dumps({"id": request["id"], "metric": 1}))
            while True:
                signal.pause()
            """))
        {
            await Workbench.MeasureAsync(evaluator, 1);
            Assert.NotEmpty(bench.Running());
        }

        await bench.NothingIsLeftAsync();
    }
}

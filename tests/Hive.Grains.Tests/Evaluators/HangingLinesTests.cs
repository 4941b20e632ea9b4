using Hive.Evaluators;
using Hive.Evaluators.Commands;
using Hive.Goals;
using Hive.Processes;
using Hive.Spaces;

namespace Hive.Grains.Tests.Evaluators;

/// <summary>Protocol <c>lines</c> with programs that hang. They say when they do, and time passes only then.</summary>
public class HangingLinesTests
{
    private const double TimeoutSeconds = 100;

    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData("pass", "no answer within 100 s")]
    [InlineData("signal.signal(signal.SIGTERM, lambda *_: tell('asked to end'))", "no answer within 100 s")]
    public async Task The_point_that_hangs_a_process_fails_alone(string before, string reason)
    {
        using var bench = await OpenAsync();
        await using (var evaluator = bench.Python(EvaluatorProtocol.Lines, $$"""
            import os, signal
            def tell(event):
                os.write(events, event.encode() + b"\n")
            events = os.open("events.pipe", os.O_WRONLY)
            def answer(id, x, line):
                if x == 13:
                    {{before}}
                    tell("hanging")
                    while True:
                        signal.pause()
                print(json.dumps({"id": id, "metric": x}))
            {{Workbench.Loop}}
            """, TimeoutSeconds))
        {
            var results = await PassTimeAsync(bench, Workbench.MeasureAsync(evaluator, 5, 6, 7, 13, 8, 9, 10));

            Assert.Contains(reason, results[3].Failure, StringComparison.Ordinal);
            Assert.Equal([5, 6, 7, 8, 9, 10], results.Where(result => result.Failure is null).Select(result => result.Metric));
        }

        await bench.NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_process_that_stops_reading_blocks_nobody()
    {
        // It answers its first point and never reads again: the other, of 400 kilobytes, fills the pipe. Alone in a fresh process it is answered.
        using var bench = await OpenAsync();
        var space = SearchSpace.Of([new NamedDimension("xs", new VectorDimension(20_000, new RealDimension(0, 1)))]);
        var point = Enumerable.Repeat(1 / 3.0, space.Length).ToArray();
        var results = new Measurement[3];
        await using var evaluator = bench.Evaluator(space, EvaluatorProtocol.Lines, TimeoutSeconds, "/usr/bin/env", "python3", bench.Write("evaluator.py", """
            import json, os, signal
            events = os.open("events.pipe", os.O_WRONLY)
            request = b""
            while not request.endswith(b"\n"):
                request += os.read(0, 65536)
            os.write(1, json.dumps({"id": json.loads(request)["id"], "metric": 1}).encode() + b"\n")
            if os.read(0, 1):
                os.write(events, b"hanging\n")
                signal.pause()
            """));

        await PassTimeAsync(bench, MeasureAsync());

        Assert.All(results, result => Assert.Equal(1, result.Metric));

        async Task<Measurement[]> MeasureAsync()
        {
            await evaluator.MeasureAsync([point, point, point], results, TestContext.Current.CancellationToken);
            return results;
        }
    }

    private async Task<Workbench> OpenAsync()
    {
        var bench = new Workbench(_clock);
        await bench.MakePipeAsync("events.pipe");
        return bench;
    }

    /// <summary>Lets the time-out pass whenever the program says that it hangs, and the grace when it was asked to end.</summary>
    private async Task<Measurement[]> PassTimeAsync(Workbench bench, Task<Measurement[]> measuring)
    {
        using var events = bench.OpenPipe("events.pipe");
        var next = events.ReadLineAsync();
        while (await Task.WhenAny(measuring, next) == next)
        {
            _clock.Advance(await next == "hanging" ? TimeSpan.FromSeconds(TimeoutSeconds) : ChildProcess.Grace);
            next = events.ReadLineAsync();
        }

        await File.WriteAllTextAsync(bench.PathOf("events.pipe"), "over\n");
        await next;
        return await measuring;
    }
}

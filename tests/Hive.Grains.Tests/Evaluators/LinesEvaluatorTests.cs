using Hive.Evaluators;
using Hive.Goals;

namespace Hive.Grains.Tests.Evaluators;

/// <summary>Protocol <c>lines</c> with programs that behave, or at least mean well.</summary>
public class LinesEvaluatorTests
{
    [Fact]
    public async Task One_process_answers_all_candidates()
    {
        using var bench = new Workbench();
        await using var evaluator = bench.Python(EvaluatorProtocol.Lines, $$"""
            import os
            open("starts.txt", "a").write("start\n")
            def answer(id, x, line):
                print(json.dumps({"id": id, "metric": x * 2, "violation": 1 if x > 500 else 0}))
            {{Workbench.Loop}}
            """);
        double[] xs = [.. Enumerable.Range(0, 600).Select(i => (double)i)];

        var first = await Workbench.MeasureAsync(evaluator, xs);
        var second = await Workbench.MeasureAsync(evaluator, xs);

        Assert.Equal(xs.Select(x => new Measurement(x * 2, x > 500 ? 1 : 0, null)), first);
        Assert.Equal(first, second);
        Assert.Equal("start\n", File.ReadAllText(bench.PathOf("starts.txt")));
    }

    [Fact]
    public async Task Answers_may_come_in_any_order()
    {
        using var bench = new Workbench();
        await using var evaluator = bench.Python(EvaluatorProtocol.Lines, """
            import json, sys
            def answer(request):
                print(json.dumps({"id": request["id"], "score": request["candidate"]["x"]}))
            answer(json.loads(sys.stdin.readline()))
            held = [json.loads(sys.stdin.readline()) for _ in range(9)]
            for request in reversed(held):
                answer(request)
            sys.stdin.read()
            """);

        var results = await Workbench.MeasureAsync(evaluator, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], results.Select(result => result.Metric));
    }

    [Fact]
    public async Task An_error_or_a_metric_that_is_no_number_fails_its_own_candidate()
    {
        using var bench = new Workbench();
        await using var evaluator = bench.Python(EvaluatorProtocol.Lines, $$$"""
            def answer(id, x, line):
                kinds = [{"metric": 5}, {"error": "x is odd"}, {"metric": float("nan")}, {"metric": float("-inf")}, {}, {"metric": "7"},
                         {"metric": 1, "violation": -1}, {"metric": 1, "violation": float("inf")}, {"metric": 6}]
                print(json.dumps({"id": id} | kinds[int(x)]))
            {{{Workbench.Loop}}}
            """);

        var results = await Workbench.MeasureAsync(evaluator, 0, 1, 2, 3, 4, 5, 6, 7, 8);

        Assert.Equal(
            [
                null, "the evaluator said: x is odd", "'score' is not a finite number", "'score' is not a finite number",
                "the answer lacks the metric ('metric' or 'score')", "'score' is not a finite number",
                "'violation' is below 0", "'violation' is not a finite number", null,
            ],
            results.Select(result => result.Failure));
        Assert.Equal((5, 6), (results[0].Metric, results[8].Metric));
    }

    [Fact]
    public async Task Lines_that_answer_nothing_are_put_up_with()
    {
        using var bench = new Workbench();
        await using var evaluator = bench.Python(EvaluatorProtocol.Lines, $$$"""
            print("model loaded")
            def answer(id, x, line):
                print(json.dumps({"id": id, "metric": x}))
                print(json.dumps({"id": id, "metric": x + 100}))
                print(json.dumps({"id": id + 100000, "metric": 1}))
                print(json.dumps({"id": -1, "metric": 1}))
                print(json.dumps({"metric": 1}))
                print("{}")
            {{{Workbench.Loop}}}
            """);

        var results = await Workbench.MeasureAsync(evaluator, [.. Enumerable.Range(0, 300).Select(i => (double)i)]);

        Assert.Equal(Enumerable.Range(0, 300).Select(i => (double)i), results.Select(result => result.Metric));
    }

    [Fact]
    public async Task A_last_batch_larger_than_any_pipe_is_answered()
    {
        using var bench = new Workbench();
        await using var evaluator = bench.Python(EvaluatorProtocol.Lines, $$$"""
            def answer(id, x, line):
                print(json.dumps({"id": id, "metric": x, "padding": "." * 2000}))
            {{{Workbench.Loop}}}
            """);

        var results = await Workbench.MeasureAsync(evaluator, [.. Enumerable.Range(0, 1000).Select(i => (double)i)]);

        Assert.All(results, result => Assert.Null(result.Failure));
    }

    [Fact]
    public async Task A_process_that_ends_when_its_input_does_is_given_time_for_that()
    {
        using var bench = new Workbench();
        await using (var evaluator = bench.Python(EvaluatorProtocol.Lines, $$$"""
            def answer(id, x, line):
                print(json.dumps({"id": id, "metric": x}))
            {{{Workbench.Loop}}}
            open("farewell.txt", "w").write("done")
            """))
        {
            await Workbench.MeasureAsync(evaluator, 1);
        }

        Assert.Equal("done", File.ReadAllText(bench.PathOf("farewell.txt")));
    }

    [Fact]
    public async Task A_process_that_never_stops_writing_to_standard_error_is_understood_and_ended()
    {
        using var bench = new Workbench();
        await using (var evaluator = bench.Python(EvaluatorProtocol.Lines, $$$"""
            import os, threading
            def flood():
                while True:
                    os.write(2, b"!" * 4096)
            threading.Thread(target=flood, daemon=True).start()
            def answer(id, x, line):
                print(json.dumps({"id": id, "metric": x}))
            {{{Workbench.Loop}}}
            """))
        {
            Assert.Equal([1, 2, 3], (await Workbench.MeasureAsync(evaluator, 1, 2, 3)).Select(result => result.Metric));
        }

        await bench.NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_process_that_serves_one_candidate_and_ends_is_started_again()
    {
        using var bench = new Workbench();
        await using var evaluator = bench.Python(EvaluatorProtocol.Lines, """
            import json, sys
            request = json.loads(sys.stdin.readline())
            print(json.dumps({"id": request["id"], "metric": request["candidate"]["x"]}))
            """);

        var results = await Workbench.MeasureAsync(evaluator, 1, 2, 3);

        Assert.Equal([1, 2, 3], results.Select(result => result.Metric));
    }
}

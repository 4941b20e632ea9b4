using Hive.Evaluators;
using Hive.Evaluators.Commands;
using Hive.Goals;
using Hive.Processes;
using Hive.Spaces;

namespace Hive.Grains.Tests.Evaluators;

/// <summary>Protocol <c>once</c> with programs that crash, hang and babble: one candidate fails, with a reason, and nothing is left running.</summary>
public class HostileOnceTests
{
    private const double Hasty = 0.5;

    [Theory]
    [InlineData("exit 3", "the evaluator ended with status 3")]
    [InlineData("echo 'no data' >&2; echo 'score: 1'; exit 1", "the evaluator ended with status 1; on standard error: no data")]
    [InlineData("seq 100000 >&2; exit 1", "on standard error: 1 | 2 | … | 99999 | 100000")]
    [InlineData("kill -SEGV $$", "the evaluator ended with status 139")]
    [InlineData("kill -KILL 0", "the evaluator ended with status 137")]
    [InlineData("no-such-program", "status 127")]
    [InlineData(":", "the evaluator printed nothing; 'score: NUMBER' was expected")]
    [InlineData("echo hello", "neither a line 'score: NUMBER' nor one JSON object; it began with 'hello'")]
    [InlineData("echo 'score: nan'", "'score' is not a finite number")]
    [InlineData("echo 'score: -Infinity'", "'score' is not a finite number")]
    [InlineData("echo 'score: 1e999'", "'score' is not a finite number")]
    [InlineData("echo 'score: 3 apples'", "'score' is not a finite number")]
    [InlineData("echo 'score: 1'; echo 'violation: -1'", "'violation' is below 0")]
    [InlineData("echo '{\"metric\": NaN}'", "'score' is not a finite number")]
    [InlineData("echo '{\"violation\": 0}'", "the answer lacks the metric ('metric' or 'score')")]
    [InlineData("echo '{\"error\": \"too wide\"}'", "the evaluator said: too wide")]
    [InlineData("echo '{\"metric\": 1} {\"metric\": 2}'", "neither a line 'score: NUMBER' nor one JSON object")]
    [InlineData("head -c 100000 /dev/urandom", "the evaluator printed neither")]
    [InlineData("while :; do echo 'score: 1'; done", "the evaluator printed more than 1048576 bytes")]
    [InlineData("tr '\\0' x </dev/zero", "the evaluator printed more than 1048576 bytes")]
    public async Task A_program_that_fails_fails_its_candidate(string deed, string reason)
    {
        using var bench = new Workbench();
        await using (var evaluator = bench.Shell(EvaluatorProtocol.Once, deed))
        {
            Assert.Contains(reason, (await Workbench.MeasureAsync(evaluator, 0))[0].Failure, StringComparison.Ordinal);
        }

        await bench.NothingIsLeftAsync();
    }

    [Theory]
    [InlineData("sleep 1000")]
    [InlineData("trap '' TERM HUP INT; while :; do sleep 1000; done")]
    [InlineData("exec 0<&- 1>&- 2>&-; sleep 1000")]
    [InlineData("sleep 1000 & sleep 1000 & (trap '' TERM; sleep 1000; sleep 1000) & wait")]
    [InlineData("setsid sh -c 'trap \"\" TERM; sleep 1000' & wait")]
    [InlineData("tr '\\0' '!' </dev/zero >&2")]
    [InlineData("kill -STOP $$")]
    public async Task A_program_that_hangs_fails_its_candidate_and_is_ended(string deed)
    {
        using var bench = new Workbench();
        await using (var evaluator = bench.Shell(EvaluatorProtocol.Once, deed, Hasty))
        {
            Assert.StartsWith("no answer within 0.5 s", (await Workbench.MeasureAsync(evaluator, 0))[0].Failure, StringComparison.Ordinal);
        }

        await bench.NothingIsLeftAsync();
    }

    [Theory]
    [InlineData("sleep 1000 & echo 'score: 1'")]
    [InlineData("(trap '' TERM; sleep 1000; echo late) & echo 'score: 1'")]
    [InlineData("setsid sleep 1000 & echo 'score: 1'")]
    [InlineData("setsid sleep 1000 </dev/null >/dev/null 2>&1 & echo 'score: 1'")]
    [InlineData("exec 0<&-; echo 'score: 1'")]
    [InlineData("echo 'score: 1'; exec 1>&-; head -c 3000000 /dev/zero >&2")]
    public async Task A_program_that_leaves_something_behind_is_measured_and_cleaned_up_after(string deed)
    {
        using var bench = new Workbench();
        await using (var evaluator = bench.Shell(EvaluatorProtocol.Once, deed))
        {
            Assert.Equal([new Measurement(1, 0, null), new Measurement(1, 0, null)], await Workbench.MeasureAsync(evaluator, 0, 1));
        }

        await bench.NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_program_that_reads_nothing_of_a_candidate_larger_than_a_pipe_is_measured()
    {
        using var bench = new Workbench();
        var space = SearchSpace.Of([new NamedDimension("xs", new VectorDimension(50_000, new RealDimension(0, 1)))]);
        await using var evaluator = bench.Evaluator(space, EvaluatorProtocol.Once, Workbench.Patient, "sh", "-c", "echo 'score: 1'");
        var results = new Measurement[1];

        await evaluator.MeasureAsync([[.. Enumerable.Repeat(1 / 3.0, space.Length)]], results, TestContext.Current.CancellationToken);

        Assert.Equal(new Measurement(1, 0, null), results[0]);
    }

    [Fact]
    public async Task All_that_a_program_printed_counts_even_where_a_stray_holds_its_output_open()
    {
        using var bench = new Workbench();
        await using (var evaluator = bench.Shell(EvaluatorProtocol.Once, """
            setsid sleep 1000 &
            head -c 1000000 /dev/zero | tr '\0' '\n'
            echo 'score: 1'
            """))
        {
            Assert.Equal([new Measurement(1, 0, null)], await Workbench.MeasureAsync(evaluator, 0));
        }

        await bench.NothingIsLeftAsync();
    }

    [Theory]
    [InlineData("sleep 1000 & sleep 1000 & wait", Hasty, "no answer within 0.5 s")]
    [InlineData("trap '' TERM; sh -c 'sleep 1000; sleep 1000'; :", Hasty, "no answer within 0.5 s")]
    [InlineData("exit 3", Workbench.Patient, "the evaluator ended with status 3")]
    [InlineData("echo 'score: 1'", Workbench.Patient, null)]
    public async Task Where_the_system_has_no_process_groups_a_program_is_ended_with_its_descendants(string deed, double timeout, string? reason)
    {
        using var bench = new Workbench();
        var program = new EvaluatorProgram(["sh", bench.Write("evaluator.sh", deed)], bench.Folder, new Supervision(withGroups: false), TimeProvider.System);
        await using (var evaluator = new OnceEvaluator(program, "score", Workbench.Space, TimeSpan.FromSeconds(timeout), TimeProvider.System))
        {
            Assert.Equal(reason, (await Workbench.MeasureAsync(evaluator, 0))[0].Failure);
        }

        await bench.NothingIsLeftAsync();
    }

    [Fact]
    public async Task One_failure_does_not_touch_the_next_candidate()
    {
        using var bench = new Workbench();
        await using var evaluator = bench.Python(EvaluatorProtocol.Once, """
            import json, os, sys
            x = json.load(sys.stdin)["x"]
            if x == 13:
                os.kill(0, 9)
            print("score:", x)
            """);

        var results = await Workbench.MeasureAsync(evaluator, 1, 13, 2);

        Assert.Equal([1, double.NaN, 2], results.Select(result => result.Metric));
    }
}

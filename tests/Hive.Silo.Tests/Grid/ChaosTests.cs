using System.Globalization;
using Hive.Goals;

namespace Hive.Silo.Tests.Grid;

/// <summary>
/// Round after round a goal runs on a live grid, and at a random moment of it something is killed, stopped or restarted. Every goal ends right all the same: see <see cref="GridChecker"/>.
/// </summary>
/// <remarks>
/// <c>HIVE_CHAOS_ROUNDS</c> (3) says how many rounds, <c>HIVE_CHAOS_SEED</c> repeats the choices of a run, <c>HIVE_CHAOS_STOP_SECONDS</c> (10) is how long a process stays stopped; for a
/// hub that must be longer than its lease of 8 s.
/// </remarks>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int Evaluations = 4_800;
    private const int EvaluationsOfSecond = 240;

    /// <summary>The fault comes after so many entries of the goal's log at the most; it has some five hundred.</summary>
    private const int LatestMoment = 400;

    /// <summary>The NATS server is away for less than a silo's time to live, or for more.</summary>
    private const int LongestWithoutNats = 5;

    private static readonly TimeSpan LongerThanLease = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRound = TimeSpan.FromMinutes(4);

    private readonly int _rounds = Setting("HIVE_CHAOS_ROUNDS", 3);
    private readonly int _seed = Setting("HIVE_CHAOS_SEED", Environment.TickCount);
    private readonly TimeSpan _stopped = TimeSpan.FromSeconds(Setting("HIVE_CHAOS_STOP_SECONDS", 10));
    private readonly List<double> _takeovers = [];
    private readonly List<double> _redispatches = [];

    private enum Fault
    {
        KillSilo,
        KillHub,
        KillNats,
        RestartDatabase,
        KillDatabase,
        StopHub,
        StopSilo,
        DatabaseAwayLongerThanLease,
    }

    [Fact]
    public async Task Every_goal_ends_right_whatever_is_killed_stopped_or_restarted_while_it_runs()
    {
        output.WriteLine($"seed {_seed}, {_rounds} rounds, processes are stopped for {_stopped.TotalSeconds} s");
        await using var grid = await TestGrid.StartAsync(["hub-a", "hub-b"], [("silo-a", "worker"), ("silo-b", "worker"), ("silo-c", "worker")]);
        var random = new Random(_seed);
        var faults = Faults(random).Take(_rounds).ToArray();
        for (var round = 0; round < _rounds; round++)
        {
            try
            {
                await RoundAsync(grid, random, round, faults[round]).WaitAsync(LongestRound, TestContext.Current.CancellationToken);
            }
            catch (Exception e)
            {
                output.WriteLine($"round {round}, {faults[round]}: {e.Message}{Environment.NewLine}{grid.Describe()}");
                throw;
            }
        }

        output.WriteLine($"seconds until a standby answered: {Figures(_takeovers)}");
        output.WriteLine($"seconds until all work of a dead silo was running elsewhere: {Figures(_redispatches)}");
    }

    private static int Setting(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;

    /// <summary>The two that matter most come first, then the others, and then all again and again, each time in another order.</summary>
    private static IEnumerable<Fault> Faults(Random random)
    {
        Fault[] first = [Fault.KillSilo, Fault.KillHub];
        foreach (var fault in first) yield return fault;
        for (var rest = Enum.GetValues<Fault>().Except(first).ToArray(); ; rest = Enum.GetValues<Fault>())
        {
            random.Shuffle(rest);
            foreach (var fault in rest) yield return fault;
        }
    }

    private static string Figures(List<double> seconds) => seconds.Count == 0
        ? "none"
        : string.Create(CultureInfo.InvariantCulture, $"{seconds.Count} times, median {seconds.Order().ElementAt(seconds.Count / 2):F2}, most {seconds.Max():F2}");

    /// <summary>One goal, one fault at a random moment of it, another goal submitted during the fault; then the grid is made whole again.</summary>
    private async Task RoundAsync(TestGrid grid, Random random, int round, Fault fault)
    {
        var began = TimeProvider.System.GetTimestamp();
        var (first, second) = ($"round_{round}-first", $"round_{round}-second");
        await grid.Hive.SubmitAsync(GoalOf(Evaluations, rounds: 20, agents: 12, round), first);
        var watch = new Watch(grid, first, moment: random.Next(LatestMoment));
        await watch.Moment;

        var done = await InjectAsync(grid, random, fault, async () => await grid.Hive.SubmitAsync(GoalOf(EvaluationsOfSecond, rounds: 4, agents: 4, round), second));
        await grid.Hive.WaitAsync(second, TestContext.Current.CancellationToken);
        var log = await GridChecker.CheckAsync(grid, first, Evaluations, await watch.SeenAsync());
        await GridChecker.CheckAsync(grid, second, EvaluationsOfSecond, []);
        var redispatch = Note(log, done);
        await RepairAsync(grid, done);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"round {round}: {fault} {done.Name} at entry {watch.Begun}; {redispatch}{log.Length} entries, {log[^1].Lease - log[0].Lease} changes of the hub, {TimeProvider.System.GetElapsedTime(began).TotalSeconds:F1} s"));
    }

    private static GoalSpec GoalOf(int evaluations, int rounds, int agents, int seed) => GoalFile.Parse($$"""
        { "objective": "Find the lowest point, whatever happens",
          "check": { "metric": { "name": "loss", "direction": "minimize", "evaluator": { "builtin": "latency", "milliseconds": 20 } } },
          "space": { "x": { "vector": { "length": 3, "of": { "real": [-5, 5] } } } },
          "budget": { "evaluations": {{evaluations}}, "rounds": {{rounds}} }, "agents": {{agents}}, "seed": {{seed}} }
        """);

    /// <summary>Does the harm, has the other goal submitted meanwhile, and ends what lasts only for a while.</summary>
    private async Task<Done> InjectAsync(TestGrid grid, Random random, Fault fault, Func<Task> submit)
    {
        var hub = await grid.ActiveHubAsync();
        var silo = grid.Silos.ElementAt(random.Next(grid.Silos.Count()));
        var victim = fault is Fault.KillHub or Fault.StopHub ? hub : fault is Fault.KillSilo or Fault.StopSilo ? silo : null;
        var marks = grid.Hubs.ToDictionary(name => name, name => grid.Process(name).Lines);
        var at = DateTimeOffset.UtcNow;
        var since = TimeProvider.System.GetTimestamp();
        switch (fault)
        {
            case Fault.KillSilo or Fault.KillHub:
                grid.Process(victim!).Kill();
                break;
            case Fault.StopSilo or Fault.StopHub:
                grid.Process(victim!).Stop();
                break;
            case Fault.KillNats:
                await grid.Nats.KillAsync();
                break;
            case Fault.KillDatabase:
                await grid.Database.KillAsync();
                break;
            default:
                await grid.Database.StopAsync();
                break;
        }

        var submitted = submit();
        if (fault is Fault.KillHub or Fault.StopHub)
        {
            var standby = grid.Hubs.Single(name => name != hub);
            await grid.Process(standby).WaitForLineAsync("serves", marks[standby]);
            await grid.Hive.ListAsync(1);
            _takeovers.Add(TimeProvider.System.GetElapsedTime(since).TotalSeconds);
        }

        await EndAsync(grid, random, fault, victim, since);
        await submitted;
        return new Done(fault, victim, at, marks);
    }

    private async Task EndAsync(TestGrid grid, Random random, Fault fault, string? victim, long since)
    {
        switch (fault)
        {
            case Fault.StopSilo or Fault.StopHub:
                await LastAsync(_stopped, since);
                grid.Process(victim!).Continue();
                break;
            case Fault.KillNats:
                await LastAsync(TimeSpan.FromSeconds(random.Next(1, LongestWithoutNats)), since);
                await grid.Nats.StartAgainAsync();
                break;
            case Fault.RestartDatabase or Fault.KillDatabase:
                await grid.Database.StartAgainAsync();
                break;
            case Fault.DatabaseAwayLongerThanLease:
                await LastAsync(LongerThanLease, since);
                await grid.Database.StartAgainAsync();
                break;
        }
    }

    /// <summary>How long a fault lasts is part of it, and nothing that is waited for.</summary>
    private static async Task LastAsync(TimeSpan duration, long since)
    {
        var left = duration - TimeProvider.System.GetElapsedTime(since);
        if (left > TimeSpan.Zero)
        {
            using var timer = new PeriodicTimer(left);
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private string Note(LoggedEntry[] log, Done done)
    {
        if (done.Fault is not (Fault.KillSilo or Fault.StopSilo))
        {
            return "";
        }

        var underWay = GridChecker.UnderWay(log, done.Name!, done.At);
        if (GridChecker.Redispatched(log, underWay, done.Name!, done.At) is not [var first, ..] again)
        {
            return $"{underWay.Length} attempts were on it; ";
        }

        _redispatches.Add((again[^1] - done.At).TotalSeconds);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{again.Length} of {underWay.Length} attempts on it ran elsewhere, the first after {(first - done.At).TotalSeconds:F2} s, the last after {(again[^1] - done.At).TotalSeconds:F2} s; ");
    }

    /// <summary>What was killed starts again; whatever was not killed is still alive.</summary>
    private static async Task RepairAsync(TestGrid grid, Done done)
    {
        if (done.Fault == Fault.KillSilo)
        {
            await grid.StartAsync(done.Name!, "is up");
        }
        else if (done.Fault == Fault.KillHub)
        {
            await grid.StartAsync(done.Name!, "stands by");
        }
        else if (done.Fault is Fault.StopHub)
        {
            await grid.Process(done.Name!).WaitForLineAsync("stands by", done.Marks[done.Name!]);
        }

        await grid.ActiveHubAsync();
        await grid.UntilHereAsync(grid.Silos);
        Assert.All(grid.Hubs.Concat(grid.Silos), name => Assert.False(grid.Process(name).HasExited, $"{name} has ended by itself"));
    }

    /// <summary>What was done to whom, when, and how much the hubs had said until then.</summary>
    private sealed record Done(Fault Fault, string? Name, DateTimeOffset At, Dictionary<string, int> Marks);

    /// <summary>Watches a goal to its end, as any client does.</summary>
    private sealed class Watch
    {
        private readonly TaskCompletionSource _moment = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<GoalEntry> _seen = [];
        private readonly Task _watching;

        public Watch(TestGrid grid, string goal, int moment)
        {
            Begun = moment;
            _watching = WatchAsync(grid, goal, moment);
        }

        public int Begun { get; }

        /// <summary>Completes when so many entries were seen.</summary>
        public Task Moment => _moment.Task;

        public async Task<IReadOnlyList<GoalEntry>> SeenAsync()
        {
            await _watching;
            return _seen;
        }

        private async Task WatchAsync(TestGrid grid, string goal, int moment)
        {
            try
            {
                await foreach (var entry in grid.Hive.WatchAsync(goal, 0, TestContext.Current.CancellationToken))
                {
                    _seen.Add(entry);
                    if (_seen.Count > moment) _moment.TrySetResult();
                }

                _moment.TrySetException(new InvalidOperationException($"goal {goal} ended after {_seen.Count} entries"));
            }
            catch (Exception e)
            {
                _moment.TrySetException(e);
                throw;
            }
        }
    }
}

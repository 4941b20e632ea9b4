using Hive.Goals;
using Hive.Storage;

namespace Hive.Grains.Tests.Goals;

/// <summary>A crash is a log that ends somewhere. Wherever it ends, the goal goes on from there.</summary>
public sealed class ResumeTests(ITestOutputHelper output)
{
    private const long Budget = 30_000;
    private const int Cuts = 12;

    private const string Spec = """
        { "objective": "Find the lowest point",
          "check": { "metric": { "name": "loss", "direction": "minimize", "evaluator": { "builtin": "rastrigin" } } },
          "space": { "x": { "vector": { "length": 4, "of": { "real": [-5, 5] } } }, "n": { "integer": [-3, 3] } },
          "budget": { "evaluations": 30000 }, "agents": 5, "seed": 11 }
        """;

    [Fact]
    public async Task Wherever_the_log_ends_the_goal_goes_on_from_there()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var whole = await LiveAsync();
        int[] cuts = [1, 2, whole.Count - 1, .. Enumerable.Range(0, Cuts).Select(_ => random.Next(1, whole.Count))];
        foreach (var cut in cuts)
        {
            output.WriteLine($"cut after {cut} of {whole.Count}");
            await ResumeAsync(whole.GetRange(0, cut));
        }
    }

    [Fact]
    public async Task A_goal_whose_log_could_not_be_written_for_a_while_goes_on_when_it_is_resumed()
    {
        var log = new AwayLog();
        await using var cluster = await GoalCluster.StartAsync(log: log);
        var goal = cluster.Goal("g");
        log.GoAway();
        await Assert.ThrowsAsync<StorageException>(() => goal.SubmitAsync(Spec));
        log.ComeBack(appends: 1);
        await goal.SubmitAsync(Spec);
        for (var times = 0; times < 3; times++)
        {
            Assert.NotNull((await goal.WaitAsync(CancellationToken.None)).Trouble);
            log.ComeBack(appends: times < 2 ? 1 : int.MaxValue);
            await goal.ResumeAsync();
        }

        var status = await goal.WaitAsync(CancellationToken.None);
        Assert.True(status is { State: GoalState.Done, Evaluations: Budget, Verified: true, Trouble: null }, status.ToJson());
        Assert.Single((await cluster.EventsAsync("g")).OfType<OutcomeJoined>());
    }

    private static async Task<List<LogEntry>> LiveAsync()
    {
        await using var cluster = await GoalCluster.StartAsync();
        Assert.Equal(GoalState.Done, (await cluster.RunAsync("g", Spec)).State);
        var entries = new List<LogEntry>();
        await foreach (var entry in cluster.Log.ReadAsync("g", 0, CancellationToken.None))
        {
            entries.Add(entry);
        }

        return entries;
    }

    private static async Task ResumeAsync(List<LogEntry> left)
    {
        var log = new MemoryGoalLog();
        await log.AppendAsync("g", left, null, CancellationToken.None);
        await using var cluster = await GoalCluster.StartAsync(log: log);
        await cluster.Goal("g").ResumeAsync();
        var status = await cluster.Goal("g").WaitAsync(CancellationToken.None);
        Assert.True(status is { State: GoalState.Done, Evaluations: Budget, Verified: true }, status.ToJson());

        var finished = new HashSet<string>();
        foreach (var happened in await cluster.EventsAsync("g"))
        {
            switch (happened)
            {
                case AttemptStarted started:
                    Assert.DoesNotContain(started.Attempt, finished);
                    break;
                case AttemptFinished attempt:
                    Assert.True(finished.Add(attempt.Attempt), $"{attempt.Attempt} was counted twice");
                    break;
            }
        }

        Assert.Single((await cluster.EventsAsync("g")).OfType<OutcomeJoined>());
    }

    /// <summary>A log whose server comes and goes. What it was writing when it went may be on its disk or not, as with any server.</summary>
    private sealed class AwayLog : IGoalLog
    {
        private readonly MemoryGoalLog _log = new();
        private int _left = int.MaxValue;
        private int _appends;

        public void GoAway() => Volatile.Write(ref _left, 0);

        /// <summary>Comes back, to go away again after so many appends.</summary>
        public void ComeBack(int appends) => Volatile.Write(ref _left, appends);

        public async Task AppendAsync(string goal, IReadOnlyList<LogEntry> entries, GoalSummary? summary, CancellationToken cancellation)
        {
            var isAway = Interlocked.Decrement(ref _left) < 0;
            if (!isAway || Interlocked.Increment(ref _appends) % 2 == 0)
            {
                await _log.AppendAsync(goal, entries, summary, cancellation);
            }

            if (isAway)
            {
                throw new StorageException(StorageFault.Unreachable, "the server is away");
            }
        }

        public IAsyncEnumerable<LogEntry> ReadAsync(string goal, long afterSequence, CancellationToken cancellation) => _log.ReadAsync(goal, afterSequence, cancellation);

        public Task<GoalSummary?> FindAsync(string goal, CancellationToken cancellation) => _log.FindAsync(goal, cancellation);

        public Task<IReadOnlyList<GoalSummary>> ListAsync(string? state, int limit, CancellationToken cancellation) => _log.ListAsync(state, limit, cancellation);

        public Task RequestAsync(string goal, string kind, ReadOnlyMemory<byte> body, CancellationToken cancellation) => _log.RequestAsync(goal, kind, body, cancellation);

        public Task<IReadOnlyList<GoalRequest>> TakeRequestsAsync(string goal, CancellationToken cancellation) => _log.TakeRequestsAsync(goal, cancellation);

        public ValueTask DisposeAsync() => _log.DisposeAsync();
    }
}

using System.Text;
using System.Text.Json;
using Hive.Agents;
using Hive.Goals;

namespace Hive.Silo.Tests.Grid;

/// <summary>Reads the database after a goal's end and checks what Hive promises of every log, whatever was killed meanwhile.</summary>
internal static class GridChecker
{
    private const string SelectLog = "SELECT sequence, recorded_at, kind, body, lease FROM hive.goal_log WHERE goal = @goal ORDER BY sequence";

    private const string SelectTenures = "SELECT epoch, taken_at, written_at FROM hive.hub_lease ORDER BY epoch";

    /// <summary>The goal ended as it should, its log is whole, counts nothing twice, and holds all that a watcher has seen; no two hubs ever acted at once.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="goal">The goal's id.</param>
    /// <param name="evaluations">Its budget.</param>
    /// <param name="seen">What a watcher saw while it ran.</param>
    /// <returns>The log.</returns>
    public static async Task<LoggedEntry[]> CheckAsync(TestGrid grid, string goal, long evaluations, IEnumerable<GoalEntry> seen)
    {
        LoggedEntry[] log = [.. await grid.QueryAsync(
            SelectLog,
            row => new LoggedEntry(
                row.GetInt64(0),
                DateTimeOffset.UnixEpoch.AddTicks(row.GetInt64(1)),
                row.GetString(2),
                Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(3)),
                row.GetInt64(4)),
            ("@goal", goal))];
        Assert.Equal(Enumerable.Range(1, log.Length).Select(n => (long)n), log.Select(entry => entry.Sequence));
        Assert.All(seen, entry => Assert.Equal((entry.Kind, entry.Json), (log[entry.Sequence - 1].Kind, log[entry.Sequence - 1].Json)));
        CheckAttempts(log, evaluations);
        Assert.Single(log, entry => entry.Kind == "outcome");
        Assert.Equal("Done", log[^1].Text("state"));
        await CheckTenuresAsync(grid, log);
        return log;
    }

    /// <summary>What was started on a silo and had not come back at an instant.</summary>
    public static string[] UnderWay(LoggedEntry[] log, string silo, DateTimeOffset at)
    {
        var running = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in log.TakeWhile(entry => entry.At <= at))
        {
            if (entry.Kind == "attempt-started" && entry.Silo == silo) running.Add(entry.Text("attempt"));
            if (entry.Kind == "attempt-finished") running.Remove(entry.Text("attempt"));
        }

        return [.. running];
    }

    /// <summary>When attempts were first given to another silo after an instant, in the order of time; those that were not are not among them.</summary>
    public static DateTimeOffset[] Redispatched(LoggedEntry[] log, string[] attempts, string silo, DateTimeOffset after) =>
    [
        .. log.Where(entry => entry.Kind == "attempt-started" && entry.At > after && entry.Silo != silo && attempts.Contains(entry.Text("attempt")))
            .DistinctBy(entry => entry.Text("attempt"))
            .Select(entry => entry.At),
    ];

    private static void CheckAttempts(LoggedEntry[] log, long evaluations)
    {
        var finished = new HashSet<string>(StringComparer.Ordinal);
        long counted = 0;
        foreach (var entry in log)
        {
            switch (entry.Kind)
            {
                case "attempt-started":
                    Assert.DoesNotContain(entry.Text("attempt"), finished);
                    break;
                case "attempt-finished":
                    Assert.True(finished.Add(entry.Text("attempt")), $"attempt {entry.Text("attempt")} was counted twice");
                    counted += entry.Event.GetProperty("evaluations").GetInt64();
                    break;
            }
        }

        Assert.Equal(evaluations, counted);
    }

    private static async Task CheckTenuresAsync(TestGrid grid, LoggedEntry[] log)
    {
        Assert.All(log.Zip(log.Skip(1)), pair => Assert.True(pair.First.Lease <= pair.Second.Lease, $"entry {pair.Second.Sequence} was written under a lease that was over"));
        var tenures = await grid.QueryAsync(SelectTenures, row => (Epoch: row.GetInt64(0), Taken: row.GetInt64(1), Written: row.GetInt64(2)));
        Assert.Subset(tenures.Select(tenure => tenure.Epoch).ToHashSet(), log.Select(entry => entry.Lease).ToHashSet());
        Assert.All(tenures.Zip(tenures.Skip(1)), pair => Assert.True(pair.First.Written <= pair.Second.Taken, $"lease {pair.First.Epoch} wrote after {pair.Second.Epoch} was taken"));
    }
}

/// <summary>An entry of a goal's log as it lies in the database.</summary>
internal sealed record LoggedEntry(long Sequence, DateTimeOffset At, string Kind, string Json, long Lease)
{
    public JsonElement Event { get; } = JsonDocument.Parse(Json).RootElement;

    /// <summary>The silo of an attempt's agent.</summary>
    public string? Silo => Event.TryGetProperty("agent", out var agent) && AgentKey.TryParse(agent.GetString(), out var key) ? key.Silo : null;

    public string Text(string member) => Event.GetProperty(member).GetString()!;
}

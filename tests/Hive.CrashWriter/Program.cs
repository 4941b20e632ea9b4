using System.Globalization;
using System.Text;
using Hive.Storage;

// A process to be killed: it appends to several goals at once, for ever, and says of each append that it was acknowledged.
// Arguments: the database, the number of goals, and optionally "lock", to hold the lock of goal-0 and append nothing.
// Or: the database, "goal", a hive.json, the goal's id and its file, to run that goal and say of each of its entries that it is there.
await using var database = await HiveDatabase.OpenAsync(args[0]);
if (args is [_, "goal", var brains, var id, var spec])
{
    await GoalRunner.RunAsync(database, brains, id, spec);
    return;
}

if (args is [_, _, "lock"])
{
    await using var locks = GoalLocks.Of(database);
    await using var held = await locks.TryAcquireAsync("goal-0", CancellationToken.None);
    await Console.Out.WriteLineAsync(held.IsHeld ? "held" : held.Holder);
    await Task.Delay(Timeout.InfiniteTimeSpan);
}

var log = new DatabaseGoalLog(database);
await Task.WhenAll(Enumerable.Range(0, int.Parse(args[1], CultureInfo.InvariantCulture)).Select(number => Task.Run(() => AppendForEver($"goal-{number}"))));

async Task AppendForEver(string goal)
{
    var last = 0L;
    await foreach (var entry in log.ReadAsync(goal, 0, CancellationToken.None))
    {
        last = entry.Sequence;
    }

    for (var round = 0; ; round++)
    {
        var first = last + 1;
        LogEntry[] entries =
        [
            .. Enumerable.Range(0, 1 + (round % 5)).Select(i => new LogEntry(
                first + i, DateTimeOffset.UtcNow, "candidate", Encoding.UTF8.GetBytes($"{{\"goal\":\"{goal}\",\"sequence\":{first + i}}}")))
        ];
        await log.AppendAsync(goal, entries, null, CancellationToken.None);
        last += entries.Length;
        lock (log)
        {
            Console.Out.WriteLine($"{goal} {last}");
        }
    }
}

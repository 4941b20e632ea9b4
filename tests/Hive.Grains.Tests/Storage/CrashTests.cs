using System.Globalization;
using System.Text;
using Hive.Storage;
using Hive.Testing;

namespace Hive.Tests.Storage;

[Collection(nameof(PostgresTests))]
public sealed class CrashTests(PostgresFixture postgres) : IDisposable
{
    private const int Goals = 8;

    private readonly string _directory = TemporaryDirectory.Create("hive-crash");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => TemporaryDirectory.Delete(_directory);

    [Fact]
    public async Task A_writer_killed_twenty_times_in_the_middle_of_appends_loses_nothing_that_was_acknowledged()
    {
        var file = Path.Combine(_directory, "hive.db");
        await KillRepeatedlyAsync(file, rounds: 20);
        await using var database = await HiveDatabase.OpenAsync(file, cancellation: Cancellation);
        var findings = await database.ReadAsync(
            (session, token) => session.QueryAsync("PRAGMA integrity_check", row => row.GetString(0), token), Cancellation);
        Assert.Equal(["ok"], findings);
    }

    [Fact]
    public async Task A_writer_to_a_server_killed_in_the_middle_of_appends_loses_nothing_that_was_acknowledged() =>
        await KillRepeatedlyAsync(postgres.NewLocation(), rounds: 5);

    [Fact]
    public async Task A_server_killed_in_the_middle_of_appends_has_all_that_was_acknowledged_when_it_is_back()
    {
        await using var server = await PostgresServer.StartAsync(Cancellation);
        var impatient = new HiveDatabaseOptions { RestartTimeout = TimeSpan.Zero };
        await using var database = await HiveDatabase.OpenAsync(server.Location, impatient, cancellation: Cancellation);
        var log = new DatabaseGoalLog(database);
        for (var round = 0; round < 3; round++)
        {
            var recorded = await LastAsync(log, "goal");
            var acknowledged = recorded;
            var running = new TaskCompletionSource();
            var appending = Task.Run(async () =>
            {
                for (; ; acknowledged++)
                {
                    await log.AppendAsync("goal", [Entry("goal", acknowledged + 1)], null, Cancellation);
                    if (acknowledged > recorded + 20)
                    {
                        running.TrySetResult();
                    }
                }
            }, Cancellation);
            await running.Task.WaitAsync(Cancellation);
            await server.KillAsync(Cancellation);
            var broken = await Assert.ThrowsAsync<StorageException>(() => appending);
            Assert.Equal(StorageFault.Unreachable, broken.Fault);

            await server.StartAgainAsync(Cancellation);
            var last = await LastAsync(log, "goal");
            Assert.InRange(last, acknowledged, acknowledged + 1);
        }
    }

    [Fact]
    public async Task A_restart_of_the_server_is_waited_out_by_writes_and_reads()
    {
        await using var server = await PostgresServer.StartAsync(Cancellation);
        var patient = new HiveDatabaseOptions { RestartTimeout = TimeSpan.FromMinutes(1) };
        await using var database = await HiveDatabase.OpenAsync(server.Location, patient, cancellation: Cancellation);
        var log = new DatabaseGoalLog(database);
        await log.AppendAsync("goal", [Entry("goal", 1)], null, Cancellation);
        await server.StopAsync(Cancellation);
        var append = log.AppendAsync("goal", [Entry("goal", 2)], null, Cancellation);
        var read = LastAsync(log, "goal");
        await server.StartAgainAsync(Cancellation);
        await append;
        Assert.InRange(await read, 1, 2);
        Assert.Equal(2, await LastAsync(log, "goal"));
    }

    private async Task KillRepeatedlyAsync(string location, int rounds)
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var acknowledged = new Dictionary<string, long>();
        for (var round = 0; round < rounds; round++)
        {
            var fatal = random.Next(1, 2_000);
            var lines = 0;
            await using (var writer = ChildProcess.Start("Hive.CrashWriter.dll", location, Goals.ToString(CultureInfo.InvariantCulture)))
            {
                await foreach (var line in writer.ReadLinesAsync(Cancellation))
                {
                    // The last line may be cut by the kill; an append whose line is cut was acknowledged, but we were not told.
                    if (line.Split(' ') is ["goal-0" or "goal-1" or "goal-2" or "goal-3" or "goal-4" or "goal-5" or "goal-6" or "goal-7", var last])
                    {
                        var goal = line[..line.IndexOf(' ', StringComparison.Ordinal)];
                        acknowledged[goal] = Math.Max(acknowledged.GetValueOrDefault(goal), long.Parse(last, CultureInfo.InvariantCulture));
                    }

                    if (++lines == fatal)
                    {
                        writer.Kill();
                    }
                }
            }

            Assert.True(lines >= fatal, $"The writer ended by itself after {lines} lines (seed {seed}, round {round}).");
            await CheckAsync(location, acknowledged);
        }
    }

    private static async Task CheckAsync(string location, Dictionary<string, long> acknowledged)
    {
        await using var database = await HiveDatabase.OpenAsync(location, cancellation: Cancellation);
        var log = new DatabaseGoalLog(database);
        foreach (var (goal, last) in acknowledged)
        {
            var next = 1L;
            await foreach (var entry in log.ReadAsync(goal, 0, Cancellation))
            {
                Assert.Equal(next, entry.Sequence);
                Assert.Equal(Entry(goal, next).Body.ToArray(), entry.Body.ToArray());
                next++;
            }

            Assert.True(next > last, $"{goal}: {last} was acknowledged, {next - 1} is there.");
        }
    }

    private static LogEntry Entry(string goal, long sequence) =>
        new(sequence, DateTimeOffset.UnixEpoch, "candidate", Encoding.UTF8.GetBytes($"{{\"goal\":\"{goal}\",\"sequence\":{sequence}}}"));

    private static async Task<long> LastAsync(DatabaseGoalLog log, string goal) =>
        await log.ReadAsync(goal, 0, Cancellation).Select(entry => entry.Sequence).LastOrDefaultAsync(Cancellation);
}

using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Hive.Silo.Tests.Commands;

/// <summary>kill -9 at random moments: the goal goes on, nothing finished runs again, nothing counts twice.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Rounds = 20;

    [Fact]
    public async Task A_goal_killed_at_a_random_moment_is_resumed_to_its_end_twenty_times_over()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            using var folder = new TemporaryFolder();
            folder.Write("goal.json", Goals.Long.Replace("1500000", "300000", StringComparison.Ordinal));
            var kills = await KillAndResumeAsync(folder, random);
            await CheckAsync(folder);
            output.WriteLine($"round {round}: killed {kills} times");
        }
    }

    /// <summary>Kills the run after a random number of its lines, and perhaps the resumed ones too, until one comes to the end.</summary>
    private static async Task<int> KillAndResumeAsync(TemporaryFolder folder, Random random)
    {
        var kills = 0;
        for (var begun = false; ;)
        {
            var lines = random.Next(1, 30);
            var killing = kills < 3;
            string[] command = begun ? ["goal", "resume", "victim", "--json"] : ["run", "goal.json", "--id", "victim", "--json"];
            await using var run = HiveProcess.Start(folder.Path, _ => --lines <= 0, command);
            if (killing)
            {
                await run.Seen;
                run.Kill();
                kills++;
            }

            var (status, document, error) = await run.EndAsync();
            begun = true;
            if (status == 0 && JsonDocument.Parse(document).RootElement.GetProperty("state").GetString() == "Done")
            {
                return kills;
            }

            Assert.True(killing, $"{status}: {error}");
        }
    }

    private static async Task CheckAsync(TemporaryFolder folder)
    {
        var (status, document, error) = await HiveProcess.RunAsync(folder.Path, "goal", "watch", "victim", "--json");
        Assert.True(status == 0, error);
        var log = JsonDocument.Parse(document).RootElement.GetProperty("log").EnumerateArray().ToArray();
        Assert.Equal(Enumerable.Range(1, log.Length).Select(n => (long)n), log.Select(entry => entry.GetProperty("sequence").GetInt64()));

        var finished = new HashSet<string>();
        long evaluations = 0;
        foreach (var entry in log)
        {
            var happened = entry.GetProperty("event");
            switch (entry.GetProperty("kind").GetString())
            {
                case "attempt-started":
                    Assert.DoesNotContain(happened.GetProperty("attempt").GetString()!, finished);
                    break;
                case "attempt-finished":
                    Assert.True(finished.Add(happened.GetProperty("attempt").GetString()!), "an attempt was counted twice");
                    evaluations += happened.GetProperty("evaluations").GetInt64();
                    break;
            }
        }

        Assert.Equal(300_000, evaluations);
        Assert.Single(log, entry => entry.GetProperty("kind").GetString() == "outcome");
        Assert.Equal("ok", Integrity(Path.Combine(folder.Path, ".hive", "hive.db")));
    }

    private static string Integrity(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return (string)command.ExecuteScalar()!;
    }
}

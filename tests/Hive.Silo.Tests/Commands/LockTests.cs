using Microsoft.Data.Sqlite;

namespace Hive.Silo.Tests.Commands;

/// <summary>Databases that cannot be worked with, and goals that somebody else works on.</summary>
public sealed class LockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Database => Path.Combine(_folder.Path, ".hive", "hive.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_goal_that_another_process_works_on_is_not_resumed()
    {
        _folder.Write("goal.json", Goals.Long.Replace("1500000", "200000000", StringComparison.Ordinal));
        await using var run = HiveProcess.Start(_folder.Path, line => line.Contains("round 2", StringComparison.Ordinal), "run", "goal.json", "--id", "mine");
        await run.Seen;
        var (status, _, error) = await HiveProcess.RunAsync(_folder.Path, "goal", "resume", "mine");
        Assert.Equal(2, status);
        Assert.Contains("is being worked on by process", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_goal_is_called_off_from_another_process()
    {
        _folder.Write("goal.json", Goals.Long.Replace("1500000", "200000000", StringComparison.Ordinal));
        await using var run = HiveProcess.Start(_folder.Path, line => line.Contains("round 2", StringComparison.Ordinal), "run", "goal.json", "--id", "mine");
        await run.Seen;
        var (status, _, error) = await HiveProcess.RunAsync(_folder.Path, "goal", "cancel", "mine");
        Assert.True(status == 0, error);
        Assert.Equal(130, (await run.EndAsync()).Status);
        Assert.Contains("cancelled", (await HiveProcess.RunAsync(_folder.Path, "goal", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_locked_database_is_told_and_left_alone()
    {
        _folder.Write("goal.json", Goals.Small);
        Assert.Equal(0, (await HiveProcess.RunAsync(_folder.Path, "run", "goal.json", "--id", "first")).Status);
        using (var connection = new SqliteConnection($"Data Source={Database};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "BEGIN EXCLUSIVE";
            command.ExecuteNonQuery();
            var (status, _, error) = await HiveProcess.RunAsync(_folder.Path, "run", "goal.json", "--id", "second");
            Assert.Equal(4, status);
            Assert.Contains("lock", error, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(0, (await HiveProcess.RunAsync(_folder.Path, "goal", "show", "first")).Status);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_told_and_left_alone()
    {
        _folder.Write("goal.json", Goals.Small);
        Directory.CreateDirectory(Path.GetDirectoryName(Database)!);
        File.WriteAllText(Database, new string('x', 8192));
        var (status, _, error) = await HiveProcess.RunAsync(_folder.Path, "run", "goal.json");
        Assert.Equal(4, status);
        Assert.Contains("hive.db", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal(new string('x', 8192), File.ReadAllText(Database));
    }
}

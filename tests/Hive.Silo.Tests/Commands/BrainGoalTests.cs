using System.Text.Json;
using Hive.Testing;

namespace Hive.Silo.Tests.Commands;

/// <summary>Goals for brains as people run, approve and feed them: each command is a process, the brains are a scripted server in this one.</summary>
public sealed class BrainGoalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_example_is_answered_by_votes()
    {
        await using var server = await BrainGoals.ServeAsync();
        _folder.Write("hive.json", BrainGoals.FileOf(server));
        var (status, output, error) = await HiveProcess.RunAsync(_folder.Path, "run", Repository.PathOf("examples/answer.json"));
        Assert.True(status == 0, error);
        Assert.Contains("408", output, StringComparison.Ordinal);
        Assert.All(server.Ledger.BilledByKey.Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task Without_a_brain_one_line_says_how_to_get_one()
    {
        _folder.Write("hive.json", """{ "discover": false }""");
        var (status, output, error) = await HiveProcess.RunAsync(_folder.Path, "run", Repository.PathOf("examples/answer.json"));
        Assert.Equal((2, ""), (status, output));
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("ollama pull", line, StringComparison.Ordinal);
        Assert.Contains("key", line, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, ".hive")));
    }

    [Fact]
    public async Task A_goal_for_a_tier_that_is_not_here_is_refused_at_once()
    {
        await using var server = await BrainGoals.ServeAsync();
        _folder.Write("hive.json", BrainGoals.FileOf(server));
        _folder.Write("goal.json", BrainGoals.Judged.Replace("\"width\": 1", "\"tiers\": [\"core\"], \"width\": 1", StringComparison.Ordinal));
        var (status, _, error) = await HiveProcess.RunAsync(_folder.Path, "run", "goal.json");
        Assert.Equal(2, status);
        Assert.Contains("brains of tier core", error, StringComparison.Ordinal);
        Assert.Equal(0, server.Ledger.Requests);
    }

    [Fact]
    public async Task What_a_goal_came_to_is_printed_and_written_with_its_evidence()
    {
        await using var server = await BrainGoals.ServeAsync();
        _folder.Write("hive.json", BrainGoals.FileOf(server));
        _folder.Write("goal.json", BrainGoals.Judged);
        var (status, output, error) = await HiveProcess.RunAsync(_folder.Path, "run", "goal.json", "--id", "judged", "--json");
        Assert.True(status == 0, error);
        var root = JsonElement.Parse(output);
        var cognition = root.GetProperty("cognition");
        Assert.Equal("408", cognition.GetProperty("answer").GetString());
        Assert.True(cognition.GetProperty("isAccepted").GetBoolean());
        Assert.Equal(server.Ledger.PromptTokens + server.Ledger.CompletionTokens, cognition.GetProperty("ledger").GetProperty("tokens").GetInt64());
        var files = root.GetProperty("artifacts").EnumerateArray().Select(file => Path.GetFileName(file.GetString()!));
        Assert.Equal(["answer.md", "evidence.md", "goal.svg", "status.json"], files);
        var evidence = File.ReadAllText(Path.Combine(_folder.Path, ".hive/artifacts/judged/evidence.md"));
        Assert.Contains("| r0.t1.a0 | yes |", evidence, StringComparison.Ordinal);
        Assert.Contains("task t1: a candidate has score", error, StringComparison.Ordinal);
        var (_, shown, _) = await HiveProcess.RunAsync(_folder.Path, "goal", "show", "judged");
        Assert.Contains("answer      408", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_approves_from_another_process()
    {
        await using var server = await BrainGoals.ServeAsync();
        _folder.Write("hive.json", BrainGoals.FileOf(server));
        _folder.Write("goal.json", BrainGoals.Weighty);
        await using var run = HiveProcess.Start(_folder.Path, _ => false, "run", "goal.json", "--id", "weighty");
        var asks = await run.WaitForLineAsync("asks: ");
        Assert.Contains("hive goal approve weighty --only answer", asks, StringComparison.Ordinal);
        var (wrong, _, why) = await HiveProcess.RunAsync(_folder.Path, "goal", "approve", "weighty", "--only", "nothing");
        Assert.Equal(2, wrong);
        Assert.Contains("but about answer", why, StringComparison.Ordinal);
        var (approved, _, told) = await HiveProcess.RunAsync(_folder.Path, "goal", "approve", "weighty", "--because", "it is right");
        Assert.True(approved == 0, told);
        var (status, output, error) = await run.EndAsync();
        Assert.True(status == 0, error);
        Assert.Contains("408", output, StringComparison.Ordinal);
        Assert.Contains("it is right", error, StringComparison.Ordinal);
        var (late, _, over) = await HiveProcess.RunAsync(_folder.Path, "goal", "approve", "weighty");
        Assert.Equal(2, late);
        Assert.Contains("has ended: done", over, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_person_denies_is_missing()
    {
        await using var server = await BrainGoals.ServeAsync();
        _folder.Write("hive.json", BrainGoals.FileOf(server));
        _folder.Write("goal.json", BrainGoals.Weighty);
        await using var run = HiveProcess.Start(_folder.Path, _ => false, "run", "goal.json", "--id", "weighty");
        await run.WaitForLineAsync("asks: ");
        var (denied, _, told) = await HiveProcess.RunAsync(_folder.Path, "goal", "approve", "weighty", "--deny", "--because", "too short");
        Assert.True(denied == 0, told);
        var (status, output, _) = await run.EndAsync();
        Assert.Equal(3, status);
        Assert.Contains("did not approve the answer: too short", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exhausted_goal_goes_on_with_more_budget_and_pays_for_nothing_twice()
    {
        await using var server = await BrainGoals.ServeAsync();
        _folder.Write("hive.json", BrainGoals.FileOf(server));
        _folder.Write("goal.json", BrainGoals.Short);
        var (exhausted, output, error) = await HiveProcess.RunAsync(_folder.Path, "run", "goal.json", "--id", "short");
        Assert.True(exhausted == 3, error);
        Assert.Contains("missing", output, StringComparison.Ordinal);
        Assert.Equal(1, server.Ledger.Billed);
        var (status, answer, told) = await HiveProcess.RunAsync(_folder.Path, "goal", "resume", "short", "--add-budget", "worker=50");
        Assert.True(status == 0, told);
        Assert.Contains("more may be spent: 50 calls of tier worker", told, StringComparison.Ordinal);
        Assert.Contains("408", answer, StringComparison.Ordinal);
        Assert.True(server.Ledger.Billed > 1);
        Assert.Equal(0, server.Ledger.BilledWithoutKey);
        Assert.All(server.Ledger.BilledByKey.Values, times => Assert.Equal(1, times));
        var (again, _, over) = await HiveProcess.RunAsync(_folder.Path, "goal", "resume", "short", "--add-budget", "worker=50");
        Assert.Equal(2, again);
        Assert.Contains("more budget changes nothing", over, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokens", "'tokens' says not what may be spent more")]
    [InlineData("tokens=-1", "'tokens=-1' says not")]
    [InlineData("tokens=5,tokens=6", "'tokens=6' says not")]
    [InlineData("tokens=1.5", "tokens: this is the number 1.5")]
    [InlineData("dollars=5", "money, seconds")]
    public async Task A_budget_that_is_none_is_refused_in_one_line(string budget, string expected)
    {
        var (status, output, error) = await HiveProcess.RunAsync(_folder.Path, "goal", "resume", "x", "--add-budget", budget);
        Assert.Equal((2, ""), (status, output));
        Assert.Contains(expected, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"width\": 1", "\"context\": [{ \"file\": \"none.md\" }], \"width\": 1", "context[0].file: there is no file none.md")]
    [InlineData("\"critics\": {}", "\"tests\": { \"command\": [\"no-such-program\"] }", "check.tests: ")]
    [InlineData("\"critics\": {}", "\"tests\": { \"wasm\": \"none.wasm\" }", "check.tests: ")]
    [InlineData("\"critics\": {} }", "\"tests\": { \"command\": [\"true\"] } }, \"build\": { \"repository\": \"nowhere\" }", "build.repository: there is no folder")]
    public async Task A_goal_that_names_what_is_not_there_is_refused_before_anything_is_asked(string given, string instead, string expected)
    {
        _folder.Write("goal.json", BrainGoals.Judged.Replace(given, instead, StringComparison.Ordinal));
        var (status, output, error) = await HiveProcess.RunAsync(_folder.Path, "run", "goal.json");
        Assert.Equal((2, ""), (status, output));
        Assert.Contains(expected, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, ".hive")));
    }
}

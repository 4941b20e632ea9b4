using System.Text.Json;

namespace Hive.Silo.Tests.Commands;

public sealed class RunCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_goal_runs_to_its_end_and_prints_one_document()
    {
        _folder.Write("goal.json", Goals.Small);
        var (status, output, error) = await HiveProcess.RunAsync(_folder.Path, "run", "goal.json", "--json");
        Assert.True(status == 0, error);
        var root = JsonDocument.Parse(output).RootElement;
        Assert.Equal("Done", root.GetProperty("state").GetString());
        var metric = root.GetProperty("metric");
        Assert.Equal("loss", metric.GetProperty("name").GetString());
        Assert.Equal("minimize", metric.GetProperty("direction").GetString());
        Assert.Equal(0.01, metric.GetProperty("target").GetDouble());
        Assert.True(metric.GetProperty("reached").GetBoolean());
        Assert.True(root.GetProperty("verified").GetBoolean());
        var x = root.GetProperty("candidate").GetProperty("x").EnumerateArray().Select(value => value.GetDouble()).ToArray();
        Assert.Equal(metric.GetProperty("value").GetDouble(), x.Sum(value => value * value), 12);
        Assert.InRange(root.GetProperty("evaluations").GetInt64(), 1, 100_000);
        Assert.True(root.GetProperty("attempts").GetProperty("done").GetInt64() > 0);
        Assert.Equal(0, root.GetProperty("attempts").GetProperty("failed").GetInt64());
        Assert.True(root.GetProperty("rounds").GetInt32() > 0);
        Assert.True(root.GetProperty("seconds").GetDouble() >= 0);
        Assert.All(root.GetProperty("strategies").EnumerateArray(), strategy => Assert.NotEmpty(strategy.GetProperty("name").GetString()!));
        Assert.All(root.GetProperty("artifacts").EnumerateArray(), artifact => Assert.True(File.Exists(Path.Combine(_folder.Path, artifact.GetString()!))));
    }

    [Fact]
    public async Task One_seed_gives_one_candidate_byte_for_byte()
    {
        _folder.Write("goal.json", Goals.Long.Replace("1500000", "150000", StringComparison.Ordinal));
        var first = await CandidateAsync("--seed", "11", "--data", "a");
        var second = await CandidateAsync("--seed", "11", "--data", "b");
        var other = await CandidateAsync("--seed", "12", "--data", "c");
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public async Task A_target_out_of_reach_ends_exhausted_with_what_is_missing()
    {
        _folder.Write("goal.json", Goals.Unreachable);
        var (status, output, _) = await HiveProcess.RunAsync(_folder.Path, "run", "goal.json", "--json");
        Assert.Equal(3, status);
        var root = JsonDocument.Parse(output).RootElement;
        Assert.Equal("Exhausted", root.GetProperty("state").GetString());
        Assert.True(root.GetProperty("verified").GetBoolean());
        Assert.Equal(2000, root.GetProperty("evaluations").GetInt64());
        Assert.Contains("-1", root.GetProperty("missing")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_goal_says_how_to_go_on_and_does()
    {
        _folder.Write("goal.json", Goals.Long.Replace("1500000", "20000000", StringComparison.Ordinal));
        await using var run = HiveProcess.Start(_folder.Path, line => line.Contains("round 2", StringComparison.Ordinal), "run", "goal.json", "--id", "again");
        await run.Seen;
        run.Interrupt();
        var (status, _, error) = await run.EndAsync();
        Assert.True(status == 130, $"{status}: {error}");
        Assert.Contains("hive goal resume again", error, StringComparison.Ordinal);
        var (shown, show, _) = await HiveProcess.RunAsync(_folder.Path, "goal", "show", "again", "--json");
        Assert.Equal(0, shown);
        Assert.Equal("Exploring", JsonDocument.Parse(show).RootElement.GetProperty("state").GetString());
    }

    private async Task<string> CandidateAsync(params string[] options)
    {
        var (status, output, error) = await HiveProcess.RunAsync(_folder.Path, ["run", "goal.json", "--json", .. options]);
        Assert.True(status == 0, error);
        return JsonDocument.Parse(output).RootElement.GetProperty("candidate").GetRawText();
    }
}

namespace Hive.Silo.Tests.Commands;

public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, "goal.json")]
    [InlineData("{", "not JSON")]
    [InlineData("""{ "objectiv": "x" }""", "did you mean 'objective'")]
    [InlineData("[]", "must be an object")]
    public async Task A_goal_file_that_is_none_is_refused_in_one_line(string? text, string told)
    {
        if (text is not null)
        {
            _folder.Write("goal.json", text);
        }

        await RefusedAsync(told, "run", "goal.json");
    }

    [Theory]
    [InlineData("\"x\": { \"vector\": { \"length\": 3, \"of\": { \"real\": [-5, 5] } } }", "", "space")]
    [InlineData("\"x\": { \"vector\"", "\"x\": { \"vektor\"", "space.x.vektor")]
    [InlineData("\"minimize\"", "\"minimise\"", "check.metric.direction")]
    [InlineData("100000", "0", "budget.evaluations")]
    [InlineData("{ \"builtin\": \"sphere\" }", "{ \"builtin\": \"spher\" }", "sphere")]
    [InlineData("{ \"builtin\": \"sphere\" }", "{ \"command\": [\"no-such-program\"] }", "no-such-program")]
    [InlineData("{ \"builtin\": \"sphere\" }", "{ \"command\": [\"python3\", \"no-such-script.py\"] }", "no-such-script.py")]
    public async Task A_mistake_in_a_goal_is_refused_in_one_line_that_says_where(string right, string wrong, string told)
    {
        _folder.Write("goal.json", Goals.Small.Replace(right, wrong, StringComparison.Ordinal));
        await RefusedAsync(told, "run", "goal.json");
    }

    [Theory]
    [InlineData("runn", "runn")]
    [InlineData("run", "goal", "--sed", "3", "--sed")]
    [InlineData("run", "goal.json", "--id", "../x", "../x")]
    [InlineData("goal", "show", "nothing", "no goal was ever run here")]
    [InlineData("bench", "calls", "--seconds", "0", "--seconds")]
    public async Task A_command_that_is_none_is_refused_in_one_line(params string[] argumentsAndTold)
    {
        _folder.Write("goal.json", Goals.Small);
        await RefusedAsync(argumentsAndTold[^1], argumentsAndTold[..^1]);
    }

    [Theory]
    [InlineData()]
    [InlineData("run")]
    [InlineData("goal")]
    [InlineData("goal", "resume")]
    [InlineData("bench")]
    public async Task Every_command_explains_itself(params string[] command)
    {
        var (status, output, _) = await HiveProcess.RunAsync(_folder.Path, [.. command, "--help"]);
        Assert.Equal(0, status);
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
    }

    private async Task RefusedAsync(string told, params string[] arguments)
    {
        var (status, output, error) = await HiveProcess.RunAsync(_folder.Path, arguments);
        Assert.True(status is 2, $"{status}: {error}");
        Assert.Empty(output);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(told, line, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, ".hive")), "something was written");
    }
}

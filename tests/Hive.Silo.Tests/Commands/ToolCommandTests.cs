using System.Text.Json;
using Hive.Testing;

namespace Hive.Silo.Tests.Commands;

/// <summary><c>hive tool</c> with the protocol's reference server.</summary>
public sealed class ToolCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tools_are_listed_with_their_effects_and_called()
    {
        await ListServerAsync();

        var list = await HiveProcess.RunAsync(_folder.Path, "tool", "list");
        Assert.Equal(0, list.Status);
        Assert.Matches("everything.echo +only reads ", list.Output);
        Assert.Matches("everything.toggle-simulated-logging +side effects, a person approves ", list.Output);
        Assert.Matches("everything.toggle-subscriber-updates +side effects, approved ", list.Output);
        var json = JsonDocument.Parse((await HiveProcess.RunAsync(_folder.Path, "tool", "list", "--json")).Output).RootElement;
        var server = Assert.Single(json.GetProperty("servers").EnumerateArray());
        Assert.Contains(server.GetProperty("tools").EnumerateArray(), tool => tool.GetProperty("inputSchema").GetProperty("type").GetString() == "object");

        Assert.Equal((0, "Echo: hello\n", ""), await HiveProcess.RunAsync(_folder.Path, "tool", "call", "everything.echo", """{"message": "hello"}"""));
    }

    [Fact]
    public async Task Side_effects_wait_for_a_word()
    {
        await ListServerAsync();

        var unasked = await HiveProcess.RunAsync(_folder.Path, "tool", "call", "everything.toggle-simulated-logging");
        Assert.Equal((2, "", "hive: 'everything.toggle-simulated-logging' has side effects and was not run; say --yes to run it\n"), unasked);
        Assert.Equal(0, (await HiveProcess.RunAsync(_folder.Path, "tool", "call", "everything.toggle-simulated-logging", "--yes")).Status);
    }

    [Theory]
    [InlineData("everything.ecco", "{}", 2, "did you mean 'everything.echo'?")]
    [InlineData("echo", "{}", 2, "the servers are everything")]
    [InlineData("everything.echo", "hello", 2, "not one JSON object")]
    [InlineData("everything.get-sum", """{"a": "x"}""", 4, "number")]
    public async Task A_call_that_cannot_be_made_says_why(string name, string arguments, int status, string told)
    {
        await ListServerAsync();

        var (ended, output, error) = await HiveProcess.RunAsync(_folder.Path, "tool", "call", name, arguments);

        Assert.Equal((status, ""), (ended, output));
        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_servers_there_is_advice()
    {
        Assert.Contains("list a server in hive.json", (await HiveProcess.RunAsync(_folder.Path, "tool", "list")).Output, StringComparison.Ordinal);
        _folder.Write("hive.json", """{"tools": {"a": {"comand": ["x"]}}}""");
        var (status, _, error) = await HiveProcess.RunAsync(_folder.Path, "tool", "list");
        Assert.Equal(2, status);
        Assert.Contains("did you mean 'command'?", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private async Task ListServerAsync() => _folder.Write("hive.json", JsonSerializer.Serialize(new
    {
        tools = new { everything = new { command = new[] { "node", await EverythingServer.InstallAsync(TestContext.Current.CancellationToken) }, approve = new[] { "toggle-subscriber-updates" } } },
    }));
}

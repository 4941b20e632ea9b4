using System.Text.Json;
using Hive.Testing;
using Hive.Tools.Configuration;

namespace Hive.Tools.Tests;

/// <summary>The protocol's reference server, by both transports, end to end.</summary>
public sealed class EverythingTests
{
    [Theory]
    [InlineData("program")]
    [InlineData("http")]
    public async Task Its_tools_are_listed_and_run(string transport)
    {
        await using var server = transport == "http" ? await EverythingServer.StartAsync(Bench.Cancellation) : null;
        await using var tools = server is null
            ? await Bench.EverythingAsync()
            : Bench.Start(new ToolServer { Name = "everything", Url = server.Url, Directory = Path.GetTempPath() });

        var listed = (await tools.ListAsync(Bench.Cancellation)).ToDictionary(tool => tool.Name);

        Assert.False(listed["everything.get-sum"].HasSideEffects);
        Assert.True(listed["everything.toggle-simulated-logging"].HasSideEffects);
        Assert.Equal("number", JsonDocument.Parse(listed["everything.get-sum"].InputSchema).RootElement.GetProperty("properties").GetProperty("a").GetProperty("type").GetString());
        Assert.Equal(new ToolResult("Echo: hello", IsError: false), await tools.CallAsync("everything.echo", """{"message": "hello"}"""));
        Assert.Equal(new ToolResult("The sum of 2 and 40 is 42.", IsError: false), await tools.CallAsync("everything.get-sum", """{"a": 2, "b": 40}"""));
        var misused = await tools.CallAsync("everything.get-sum", """{"a": "two"}""");
        Assert.True(misused.IsError);
        Assert.Contains("number", misused.Text);
    }

    [Fact]
    public async Task Structured_content_is_told_once_and_pictures_by_kind_and_size()
    {
        await using var tools = await Bench.EverythingAsync();

        var weather = await tools.CallAsync("everything.get-structured-content", """{"location": "Chicago"}""");
        var picture = await tools.CallAsync("everything.get-tiny-image");

        Assert.Equal(new ToolResult("""{"temperature":36,"conditions":"Light rain / drizzle","humidity":82}""", IsError: false), weather);
        Assert.Matches(@"\[image image/png, [1-9][0-9,]* bytes, left out\]", picture.Text);
    }

    [Fact]
    public async Task A_server_sees_nothing_of_the_environment_but_what_it_is_given()
    {
        Environment.SetEnvironmentVariable("HIVE_TOOLS_TEST_PASSED", "passed on");
        Environment.SetEnvironmentVariable("HIVE_TOOLS_TEST_SECRET", "kept back");
        await using var tools = await Bench.EverythingAsync(server => server with
        {
            Environment = server.Environment.Add("GIVEN", "given"),
            PassEnvironment = ["HIVE_TOOLS_TEST_PASSED"],
        });

        var environment = JsonDocument.Parse((await tools.CallAsync("everything.get-env")).Text).RootElement;

        Assert.Equal("given", environment.GetProperty("GIVEN").GetString());
        Assert.Equal("passed on", environment.GetProperty("HIVE_TOOLS_TEST_PASSED").GetString());
        string[] known = ["PATH", "HOME", "LANG", "TMPDIR", "TEMP", "TMP", "PYTHONUNBUFFERED", "HIVE_MARK", "PWD", "SHLVL", "_", "GIVEN", "HIVE_TOOLS_TEST_PASSED"];
        Assert.Empty(environment.EnumerateObject().Select(variable => variable.Name).Except(known));
    }

    [Fact]
    public async Task Only_the_tools_that_the_owner_allows_are_there()
    {
        await using var tools = await Bench.EverythingAsync(server => server with { Allow = ["echo", "get-sum"], SideEffects = ["*"], Approve = ["echo"] });

        Assert.Equal(
            [("everything.echo", true, true), ("everything.get-sum", true, false)],
            (await tools.ListAsync(Bench.Cancellation)).Select(tool => (tool.Name, tool.HasSideEffects, tool.IsApprovedByPolicy)));
        Assert.Equal(new ToolResult("there is no tool 'everything.get-env'", IsError: true), await tools.CallAsync("everything.get-env"));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_ends_and_others_go_on()
    {
        await using var tools = await Bench.EverythingAsync();
        await tools.ListAsync(Bench.Cancellation);
        using var stop = new CancellationTokenSource();

        var slow = tools.CallAsync("everything.trigger-long-running-operation", """{"duration": 1000, "steps": 2}""", stop.Token);
        await tools.CallAsync("everything.echo", """{"message": "meanwhile"}""");
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        Assert.False((await tools.CallAsync("everything.echo", """{"message": "still here"}""")).IsError);
    }

    [Fact]
    public async Task A_server_over_http_that_is_gone_is_an_error_and_no_crash()
    {
        var server = await EverythingServer.StartAsync(Bench.Cancellation);
        await using var tools = Bench.Start(new ToolServer { Name = "everything", Url = server.Url, Directory = Path.GetTempPath() });
        await tools.ListAsync(Bench.Cancellation);
        await server.DisposeAsync();

        Assert.True((await tools.CallAsync("everything.echo", """{"message": "hello?"}""")).IsError);
        Assert.NotNull((await tools.LookAsync()).Failure);
    }
}

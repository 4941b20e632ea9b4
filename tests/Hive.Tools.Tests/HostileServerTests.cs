using System.Globalization;
using Hive.Testing;
using Hive.Tools.Servers;

namespace Hive.Tools.Tests;

/// <summary>Servers that lie, babble, hang and die: what they say is bounded, every call ends, and nothing is left running.</summary>
public sealed class HostileServerTests
{
    /// <summary>When a test that asks again and again, until something has happened, gives up; in milliseconds.</summary>
    private const int Patience = 60_000;

    /// <summary>How long a call may take by a clock that the test turns: as long as nothing else.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(1000);

    [Fact]
    public async Task A_tool_with_an_odd_name_is_left_out()
    {
        await using var tools = Bench.Host();

        var report = await tools.LookAsync();

        Assert.All(report.Tools, tool => Assert.True(ToolNames.IsPattern(tool.Name)));
        Assert.DoesNotContain(report.Tools, tool => tool.Name.Contains("passwd", StringComparison.Ordinal));
        Assert.Contains(report.Notes, note => note.Contains("4 tools are left out", StringComparison.Ordinal) && note.Contains("'weather vane'", StringComparison.Ordinal));
        Assert.Contains(report.Notes, note => note.Contains("the same name", StringComparison.Ordinal));
        Assert.False(Assert.Single(report.Tools, tool => tool.Name == "hostile.echo").HasSideEffects);
    }

    [Theory]
    [InlineData("hostile.echo", false)]
    [InlineData("hostile.unannotated", true)]
    [InlineData("hostile.liar", true)]
    [InlineData("hostile.turncoat", true)]
    public async Task A_tool_only_reads_if_it_says_so_and_nothing_contradicts_it(string name, bool hasSideEffects)
    {
        await using var tools = Bench.Host();

        Assert.Equal(hasSideEffects, (await tools.ListAsync(Bench.Cancellation)).Single(tool => tool.Name == name).HasSideEffects);
    }

    [Fact]
    public async Task The_owners_word_counts_more_than_the_servers()
    {
        await using var tools = Bench.Host(change: server => server with { ReadOnly = ["unannotated", "ecco"], SideEffects = ["echo"], Approve = ["echo", "pid"] });

        var report = await tools.LookAsync();

        Assert.False(Find(report, "hostile.unannotated").HasSideEffects);
        Assert.True(Find(report, "hostile.echo") is { HasSideEffects: true, IsApprovedByPolicy: true });
        Assert.False(Find(report, "hostile.pid").IsApprovedByPolicy);
        Assert.Contains("\"readOnly\" names 'ecco', which it does not have; did you mean 'echo'?", report.Notes);
    }

    [Fact(Timeout = Patience)]
    public async Task A_tool_that_once_had_side_effects_keeps_them()
    {
        await using var tools = Bench.Host();
        await tools.ListAsync(Bench.Cancellation);

        await tools.CallAsync("hostile.turn");
        var report = await tools.LookAsync();
        while (!report.Tools.Any(tool => tool.Name == "hostile.newcomer"))
        {
            report = await tools.LookAsync();
        }

        Assert.True(Find(report, "hostile.turncoat").HasSideEffects);
    }

    [Fact]
    public async Task Descriptions_and_schemas_are_bounded()
    {
        await using var tools = Bench.Host();

        var report = await tools.LookAsync();

        var description = Find(report, "hostile.talkative").Description;
        Assert.InRange(description.Length, ToolRules.MaxDescription / 2, ToolRules.MaxDescription + 100);
        Assert.EndsWith("characters in all]", description);
        Assert.DoesNotContain('\u001b', description);
        Assert.Equal("""{"type":"object"}""", Find(report, "hostile.intricate").InputSchema);
        Assert.Contains(report.Notes, note => note.Contains("the schema of 'intricate'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_without_end_is_cut()
    {
        await using var tools = Bench.Host("endless");

        var report = await tools.LookAsync();

        Assert.Equal(ToolRules.MaxTools, report.Tools.Length);
        Assert.Contains(report.Notes, note => note.Contains("more than 128 tools", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_huge_result_is_cut_between_characters_and_says_so()
    {
        await using var tools = Bench.Host();

        var (text, isError) = await tools.CallAsync("hostile.huge");

        Assert.False(isError);
        Assert.InRange(text.Length, ToolResult.MaxLength - 1, ToolResult.MaxLength + 100);
        Assert.EndsWith("🐝\n[cut here: 2,097,152 characters in all]", text);
        Assert.EndsWith("[4000 more left out]", (await tools.CallAsync("hostile.many")).Text);
    }

    [Fact]
    public async Task A_result_cannot_steer_a_terminal()
    {
        await using var tools = Bench.Host();

        Assert.Equal("red [31m\nhidden 1m", (await tools.CallAsync("hostile.escape")).Text);
    }

    [Fact(Timeout = Patience)]
    public async Task A_message_too_large_to_be_kept_ends_the_server_and_the_next_call_starts_it_anew()
    {
        await using var tools = Bench.Host();
        var first = await tools.CallAsync("hostile.pid");

        var flooded = await tools.CallAsync("hostile.flood");
        var second = await tools.CallAsync("hostile.pid");

        Assert.True(flooded.IsError);
        Assert.Contains("whether the tool took effect is not known", flooded.Text);
        Assert.False(second.IsError);
        Assert.NotEqual(first.Text, second.Text);
        await GoneAsync(Id(first));
    }

    [Fact]
    public async Task A_server_that_dies_says_how_and_is_started_again_at_the_next_call()
    {
        await using var tools = Bench.Host();
        await tools.CallAsync("hostile.echo");

        var death = await tools.CallAsync("hostile.die");

        Assert.True(death.IsError);
        Assert.Contains("it ended with status 7; on standard error: I will not do that", death.Text);
        Assert.Equal(new ToolResult("""{"a":1}""", IsError: false), await tools.CallAsync("hostile.echo", """{"a": 1}"""));
    }

    [Fact]
    public async Task A_failing_tool_and_a_refused_call_are_errors_of_a_server_that_lives_on()
    {
        await using var tools = Bench.Host();
        var before = await tools.CallAsync("hostile.pid");

        Assert.Equal(new ToolResult("no such file", IsError: true), await tools.CallAsync("hostile.fail"));
        Assert.Contains("never on a Friday", (await tools.CallAsync("hostile.refuse")).Text);
        Assert.Equal(before, await tools.CallAsync("hostile.pid"));
    }

    [Fact(Timeout = Patience)]
    public async Task A_tool_that_hangs_is_given_up_and_its_server_told()
    {
        var clock = new ManualClock();
        await using var tools = Bench.Host(change: server => server with { Timeout = Long }, clock: clock);
        await tools.ListAsync(Bench.Cancellation);

        var hanging = tools.CallAsync("hostile.hang");
        await clock.AlarmAsync(Long, Long).WaitAsync(Bench.Cancellation);
        await tools.CallAsync("hostile.echo");
        clock.Advance(Long);

        Assert.Contains("no answer within 1000 s", (await hanging).Text);
        Assert.Equal("1", (await tools.CallAsync("hostile.cancellations")).Text);
    }

    [Fact]
    public async Task A_server_is_told_of_a_call_that_its_caller_cancels()
    {
        await using var tools = Bench.Host();
        await tools.ListAsync(Bench.Cancellation);
        using var stop = new CancellationTokenSource();
        var hanging = tools.CallAsync("hostile.hang", "{}", stop.Token);
        await tools.CallAsync("hostile.echo");

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
        Assert.Equal("1", (await tools.CallAsync("hostile.cancellations")).Text);
    }

    [Fact(Timeout = Patience)]
    public async Task A_server_that_hears_nothing_any_more_is_killed()
    {
        var clock = new ManualClock();
        await using var tools = Bench.Host(change: server => server with { Timeout = Long }, clock: clock);
        var before = await PidAsync(tools);

        var deaf = tools.CallAsync("hostile.deaf");
        await clock.AlarmAsync(Long, Long).WaitAsync(Bench.Cancellation);
        clock.Advance(Long);

        Assert.Contains("no answer within 1000 s", (await deaf).Text);
        await GoneAsync(before);
    }

    [Fact(Timeout = Patience)]
    public async Task Nothing_that_a_server_started_survives_it()
    {
        int server, stray;
        await using (var tools = Bench.Host())
        {
            server = await PidAsync(tools);
            stray = Id(await tools.CallAsync("hostile.child"));
            Assert.True(MachineProcesses.IsAlive(server) && MachineProcesses.IsAlive(stray));
        }

        await GoneAsync(server);
        await GoneAsync(stray);
    }

    [Theory]
    [InlineData("dies", "it ended with status 7; on standard error: out of cheese")]
    [InlineData("nonsense", "it does not start")]
    [InlineData("floods", "it does not start")]
    public async Task A_server_that_does_not_start_says_why(string mood, string reason)
    {
        await using var tools = Bench.Host(mood);

        Assert.Contains(reason, (await tools.LookAsync()).Failure);
        Assert.Empty(await tools.ListAsync(Bench.Cancellation));
    }

    [Fact]
    public async Task A_server_that_keeps_failing_is_given_longer_and_longer_pauses()
    {
        var clock = new ManualClock();
        await using var tools = Bench.Host("dies", clock: clock);

        Assert.Contains("it does not start", (await tools.CallAsync("hostile.echo")).Text);
        Assert.Contains("it does not start", (await tools.CallAsync("hostile.echo")).Text);
        Assert.Contains("failed 2 times and is tried again in 1 s", (await tools.CallAsync("hostile.echo")).Text);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("it does not start", (await tools.CallAsync("hostile.echo")).Text);
        Assert.Contains("failed 3 times and is tried again in 2 s", (await tools.CallAsync("hostile.echo")).Text);
    }

    private static ToolSpec Find(ToolServerReport report, string name) => report.Tools.Single(tool => tool.Name == name);

    private static async Task<int> PidAsync(McpTools tools) => Id(await tools.CallAsync("hostile.pid"));

    /// <summary>A process that was killed is gone a moment later, when the system comes to it.</summary>
    private static async Task GoneAsync(int process)
    {
        while (MachineProcesses.IsAlive(process))
        {
            Bench.Cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static int Id(ToolResult result) => int.Parse(result.Text, CultureInfo.InvariantCulture);
}

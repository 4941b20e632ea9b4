namespace Hive.Tools.Tests;

public sealed class CombinedToolsTests
{
    [Fact]
    public async Task Tools_of_several_kinds_are_listed_by_name_and_each_call_goes_to_its_own()
    {
        await using var first = Bench.Host(change: server => server with { Name = "b", Allow = ["echo"] });
        await using var second = Bench.Host(change: server => server with { Name = "a", Allow = ["echo", "pid"] });
        var tools = new CombinedTools((first.Servers, first), (second.Servers, second));

        Assert.Equal(["a.echo", "a.pid", "b.echo"], (await tools.ListAsync(Bench.Cancellation)).Select(tool => tool.Name));
        Assert.Equal(await second.CallAsync("a.pid"), await tools.CallAsync("a.pid", "{}", Bench.Cancellation));
        Assert.Equal(new ToolResult("there is no tool 'b.pid'", IsError: true), await tools.CallAsync("b.pid", "{}", Bench.Cancellation));
        Assert.Equal(new ToolResult("there is no tool 'c.echo'", IsError: true), await tools.CallAsync("c.echo", "{}", Bench.Cancellation));
    }
}

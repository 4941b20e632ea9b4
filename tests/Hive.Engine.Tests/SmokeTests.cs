using Orleans.TestingHost;

namespace Hive.Engine.Tests;

public interface IEcho : IGrainWithStringKey
{
    Task<int> Next();

    ValueTask<string> Who();
}

public sealed class EchoGrain : Grain, IEcho
{
    private int _count;

    public Task<int> Next() => Task.FromResult(++_count);

    public async ValueTask<string> Who()
    {
        await Task.Yield();
        return this.GetPrimaryKeyString();
    }
}

public class SmokeTests
{
    [Fact]
    public async Task A_grain_answers()
    {
        await using var cluster = new InProcessTestClusterBuilder(2).Build();
        await cluster.DeployAsync();
        var grain = cluster.Client.GetGrain<IEcho>("a");
        Assert.Equal(1, await grain.Next());
        Assert.Equal(2, await grain.Next());
        Assert.Equal("a", await grain.Who());
    }
}

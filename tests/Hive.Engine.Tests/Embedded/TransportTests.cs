using Hive.Engine.Tests.Embedded.Wire;

namespace Hive.Engine.Tests.Embedded;

/// <summary>Two clusters, as of two processes, that are joined by a transport which sends nothing but bytes.</summary>
public sealed class TransportTests
{
    [Fact]
    public async Task A_call_goes_to_another_process_as_bytes_and_its_outcome_comes_back()
    {
        var wire = new BytesOnly();
        await using var here = await BytesOnly.StartAsync(wire, "here");
        await using var there = await BytesOnly.StartAsync(wire, "there");
        var client = here.Client;
        Assert.Equal("there", await client.GetGrain<INamed>("there/1").Where());
        Assert.Equal("here", await client.GetGrain<INamed>("here/1").Where());
        Assert.Equal("there", await client.GetGrain<INamed>("here/1").Ask("there/2"));
        Assert.Equal("here", await client.GetGrain<INamed>("there/1").Ask("here/2"));
        Assert.True(wire.BytesSent > 0);
    }

    [Fact]
    public async Task A_failure_in_another_process_comes_back_as_one()
    {
        var wire = new BytesOnly();
        await using var here = await BytesOnly.StartAsync(wire, "here");
        await using var there = await BytesOnly.StartAsync(wire, "there");
        var failure = await Assert.ThrowsAnyAsync<OrleansException>(() => here.Client.GetGrain<INamed>("there/1").Ask("nowhere/1"));
        Assert.Contains("nowhere/1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_has_ended_there_is_refused_here()
    {
        var wire = new BytesOnly();
        await using var here = await BytesOnly.StartAsync(wire, "here");
        await using var there = await BytesOnly.StartAsync(wire, "there");
        var grain = here.Client.GetGrain<INamed>("there/1");
        await grain.Where();
        await there.StopAllSilosAsync();
        await Assert.ThrowsAnyAsync<OrleansException>(() => grain.Where());
    }
}

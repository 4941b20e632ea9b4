using Hive.Basins;
using Hive.Grains.Tests.Goals;
using Hive.Research;

namespace Hive.Grains.Tests.Basins;

public sealed class BasinGrainTests
{
    private static readonly BasinSpace Space = new(new TechniqueSpace([new CategoricalTechnique("init", ["normal", "xavier", "kaiming"]), new RealTechnique("momentum", 0, 1)]));
    private static readonly string Fingerprint = new('f', 64);
    private static readonly Configuration Kaiming = new([2, 0.9]);

    [Fact]
    public async Task What_replicated_moves_the_canonical_basin_and_what_did_not_is_refused()
    {
        await using var cluster = await GoalCluster.StartAsync(silos: 2);
        var grain = cluster.Grains.GetGrain<IBasinGrain>("ml");
        var root = await grain.FoundAsync(BasinSpaceText.Write(Space), Fingerprint);
        Assert.Equal(root, await grain.FoundAsync(BasinSpaceText.Write(Space), Fingerprint));
        foreach (var (author, claim) in new[] { ('a', "good"), ('b', "bad") })
        {
            Assert.Null((await grain.SubmitAsync(Delta(await grain.GetPacketAsync("main"), author, claim), 1, 1)).Refusal);
        }

        Assert.Equal(2, (await grain.GetStatusAsync()).Pending);
        var merged = await grain.MergeAsync([new ClaimReview("good", [.. Kaiming.Values], true), new ClaimReview("bad", [.. Kaiming.Values], false)], 5);
        Assert.Equal((1, true), (merged.Accepted, merged.Moved > 0));
        Assert.Contains("did not replicate", Assert.Single(merged.Refusals), StringComparison.Ordinal);
        var log = (await grain.GetLogAsync("main", 10)).Select(bytes => BasinPacket.Read(bytes).Address).ToArray();
        Assert.Equal([merged.Tip, root], log);
        Assert.Equal((2, null), ((await grain.VerifyAsync("main")).Verified, (await grain.VerifyAsync("main")).Fault));
    }

    [Fact]
    public async Task A_fork_lives_beside_the_canonical_basin_and_evolution_picks_the_fittest()
    {
        await using var cluster = await GoalCluster.StartAsync();
        var grain = cluster.Grains.GetGrain<IBasinGrain>("ml");
        await grain.FoundAsync(BasinSpaceText.Write(Space), Fingerprint);
        var learnt = BasinLearning.Learnt(BasinPoint.Even(Space), [new Success(Kaiming, 1)], 0.5);
        var guest = BasinPacket.Write(learnt, new BasinRecord("ml", Fingerprint, [], 9, 0, 0, "", 0));
        Assert.Equal(guest.Address, (await grain.ImportAsync(guest.Bytes.ToArray(), "guest")).Address);
        await grain.ForkAsync("guest", "deep");
        for (var i = 0; i < 5; i++) await grain.UseAsync("guest", 1);
        Assert.Equal("guest", await grain.EvolveAsync(0.5));
        Assert.Equal(0, guest.Factors[0].Distance(BasinPacket.Read(await grain.GetPacketAsync("main")).Factors[0]));
        Assert.Equal(["deep", "guest", "main"], (await grain.GetStatusAsync()).Branches.Select(branch => branch.Name));
    }

    [Fact]
    public async Task What_is_hostile_is_answered_with_a_reason_and_changes_nothing()
    {
        await using var cluster = await GoalCluster.StartAsync();
        var grain = cluster.Grains.GetGrain<IBasinGrain>("ml");
        await Assert.ThrowsAsync<KeyNotFoundException>(() => grain.GetStatusAsync());
        await Assert.ThrowsAsync<ArgumentException>(() => grain.FoundAsync([1, 2, 3], Fingerprint));
        await Assert.ThrowsAsync<ArgumentException>(() => grain.FoundAsync(BasinSpaceText.Write(Space), "no fingerprint"));
        var root = await grain.FoundAsync(BasinSpaceText.Write(Space), Fingerprint);
        await Assert.ThrowsAsync<ArgumentException>(() => grain.FoundAsync(BasinSpaceText.Write(Space), new string('0', 64)));
        Assert.Contains("cut off", (await grain.SubmitAsync([.. "{\"author\""u8], 1, 1)).Refusal, StringComparison.Ordinal);
        Assert.Contains("4,096", (await grain.ImportAsync(new byte[5000], "guest")).Refusal, StringComparison.Ordinal);
        var other = BasinPacket.Write(BasinPoint.Even(Space), new BasinRecord("search", Fingerprint, [], 0, 0, 0, "", 0));
        Assert.Contains("domain", (await grain.ImportAsync(other.Bytes.ToArray(), "guest")).Refusal, StringComparison.Ordinal);
        Assert.Equal(root, Assert.Single((await grain.GetStatusAsync()).Branches).Tip);
    }

    private static byte[] Delta(byte[] packet, char author, string claim)
    {
        var tip = BasinPacket.Read(packet);
        var step = BasinLearning.Step(tip.PointIn(Space), [new Success(Kaiming, 1)], 0.1);
        return BasinDelta.Create(new string(author, 32), tip, Space, [claim], 3, step).Bytes.ToArray();
    }
}

using System.Collections.Immutable;
using Hive.Basins;
using Hive.Randomness;

namespace Hive.Research.Tests.Basins;

public sealed class KeeperTests
{
    private static readonly string Fingerprint = new('f', 64);
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(20_000);
    private static readonly BasinSpace Space = new(new TechniqueSpace([new CategoricalTechnique("init", ["normal", "xavier", "kaiming"]), new LogRealTechnique("rate", 1e-4, 1), new IntegerTechnique("layers", 1, 8)]));
    private static readonly Configuration Kaiming = new([2, 0.01, 4]);

    [Fact]
    public void Replicated_claims_move_the_canonical_basin_and_history_tells_how()
    {
        var keeper = Founded();
        var root = keeper.Tip();
        for (var round = 1; round <= 3; round++)
        {
            Submit(keeper, author: 1, "c");
            Submit(keeper, author: 2, "lie");
            var report = keeper.Merge([new DeltaEvidence("c", Kaiming, true), new DeltaEvidence("lie", Kaiming, false)], 10, new MergeOptions(), "", Now);
            Assert.Equal((1, 1), (report.Accepted.Length, report.Refused.Length));
            Assert.True(report.Moved > 0);
            Assert.Equal(0, keeper.Pending);
        }

        Assert.True(((SimplexFactor)keeper.Tip().Factors[0]).Probabilities[2] > 0.4);
        Assert.Equal(30, keeper.Tip().Record.Experiments);
        var log = keeper.Log("main", 10);
        Assert.Equal((4, root.Address), (log.Count, log[^1].Address));
        Assert.All(log.Zip(log.Skip(1)), pair => Assert.Equal(pair.Second.Address, Assert.Single(pair.First.Record.Parents)));
        var (verified, beyond) = keeper.Verify("main");
        Assert.Equal((4, 0), (verified, beyond.Count));
    }

    [Fact]
    public void A_keeper_comes_back_from_store_and_tampering_is_found()
    {
        var keeper = Founded();
        Submit(keeper, 1, "c");
        keeper.Fork("main", "small");
        var archive = keeper.Store();
        var restored = BasinKeeper.Restore(archive);
        Assert.Equal((1, keeper.Tip().Address, 2), (restored.Pending, restored.Tip("small").Address, restored.Branches.Count()));
        restored.Merge([new DeltaEvidence("c", Kaiming, true)], 1, new MergeOptions(), "", Now);
        var bytes = archive.Packets[0].Value.ToArray();
        bytes[^2]++;
        var tampered = archive with { Packets = [KeyValuePair.Create(archive.Packets[0].Key, bytes)] };
        Assert.Equal(RefusalReason.OtherAddress, Assert.Throws<BasinRefusedException>(() => BasinKeeper.Restore(tampered)).Reason);
        Assert.Throws<BasinRefusedException>(() => BasinKeeper.Restore(archive with { Packets = [] }));
    }

    [Fact]
    public void A_fork_specialises_and_comes_back_relative_to_the_common_ancestor()
    {
        var keeper = Founded();
        keeper.Fork("main", "deep");
        var specialised = new BasinPoint(Space, [SimplexFactor.Uniform(3), GaussianFactor.Even(), new GaussianFactor(0.9, 0.05)]);
        keeper.Move("deep", specialised, 5, "", Now);
        Submit(keeper, 1, "c");
        keeper.Merge([new DeltaEvidence("c", Kaiming, true)], 5, new MergeOptions(), "", Now);
        var before = keeper.Tip();
        var merged = keeper.MergeBack("deep", "main", "", Now);
        Assert.Equal([before.Address, keeper.Tip("deep").Address], merged.Record.Parents);
        Assert.Equal(10, merged.Record.Experiments);
        Assert.Equal(((SimplexFactor)before.Factors[0]).Probabilities, ((SimplexFactor)merged.Factors[0]).Probabilities);
        Assert.Same(merged, keeper.MergeBack("deep", "main", "", Now));
        Assert.Throws<ArgumentException>(() => keeper.Fork("main", "deep"));
        Assert.Throws<ArgumentException>(() => keeper.Fork("main", "no name"));
        Assert.Throws<KeyNotFoundException>(() => keeper.MergeBack("unknown", "main", "", Now));
    }

    [Fact]
    public void The_fittest_becomes_canonical_and_the_others_move_towards_it()
    {
        var keeper = Founded();
        foreach (var name in new[] { "left", "right" }) keeper.Fork("main", name);
        var random = new SeededRandom(4);
        foreach (var name in new[] { "left", "right" }) keeper.Move(name, RandomBasins.Point(Space, random), 5, "", Now);
        var (left, right) = (keeper.Tip("left").PointIn(Space), keeper.Tip("right").PointIn(Space));
        keeper.Use("left", 100);
        for (var i = 0; i < 20; i++) keeper.Use("right", 30);
        Assert.Equal("right", keeper.Evolve(0.25, "", Now));
        Assert.Equal(0, keeper.Tip().PointIn(Space).Distance(right), 1e-9);
        Assert.Equal(0.75 * left.Distance(right), keeper.Tip("left").PointIn(Space).Distance(right), 1e-2);
        Assert.Contains(keeper.Tip("right").Address, keeper.Tip("left").Record.Parents);
    }

    [Fact]
    public void A_packet_of_another_domain_space_or_data_is_refused_and_nothing_is_lost()
    {
        var keeper = Founded();
        var record = new BasinRecord("ml", Fingerprint, [], 1, 0, 0, "", 0);
        var before = keeper.Store();
        var other = new BasinSpace(new TechniqueSpace([new RealTechnique("x", 0, 1)]));
        RefusalReason Refused(BasinPoint point, BasinRecord of) => Assert.Throws<BasinRefusedException>(() => keeper.Import(BasinPacket.Write(point, of).Bytes, "guest")).Reason;
        Assert.Equal(RefusalReason.OtherDomain, Refused(BasinPoint.Even(Space), record with { Domain = "search" }));
        Assert.Equal(RefusalReason.OtherDomain, Refused(BasinPoint.Even(Space), record with { Fingerprint = new string('0', 64) }));
        Assert.Equal(RefusalReason.OtherSpace, Refused(BasinPoint.Even(other), record));
        Assert.Equal(RefusalReason.Malformed, Refused(BasinPoint.Even(Space), record with { Experiments = 0, Parents = [keeper.Move("main", BasinPoint.Even(Space), 9, "", Now).Address] }));
        Assert.Equal(before.Branches.Length, keeper.Store().Branches.Length);
        keeper.Import(BasinPacket.Write(BasinPoint.Even(Space), record).Bytes, "guest");
        Assert.Equal(1, keeper.Tip("guest").Record.Experiments);
    }

    [Fact]
    public void History_is_bounded_and_keeps_the_newest_of_every_branch()
    {
        var keeper = Founded();
        keeper.Fork("main", "still");
        var random = new SeededRandom(5);
        for (var i = 0; i < BasinHistory.MaxPackets + 20; i++) keeper.Move("main", RandomBasins.Point(Space, random), 1, "", Now);
        Assert.Equal(BasinHistory.MaxPackets, keeper.Store().Packets.Length);
        Assert.Equal(0, keeper.Tip("still").Record.Experiments);
        Assert.Single(keeper.Verify("main").Beyond);
        BasinKeeper.Restore(keeper.Store());
    }

    [Fact]
    public void Deltas_wait_one_an_author()
    {
        var keeper = Founded();
        Submit(keeper, 1, "a");
        Submit(keeper, 1, "b");
        Submit(keeper, 2, "b");
        Assert.Equal(2, keeper.Pending);
        var elsewhere = BasinPacket.Write(BasinPoint.Even(Space), new BasinRecord("ml", Fingerprint, [], 1, 0, 0, "", 0));
        var delta = BasinDelta.Create(Author(3), elsewhere, Space, [], 0, new double[Space.Dimension]);
        Assert.Equal(RefusalReason.UnknownBase, Assert.Throws<BasinRefusedException>(() => keeper.Submit(delta.Bytes.Span, 1, 1)).Reason);
    }

    private static BasinKeeper Founded() => BasinKeeper.Found(Space, "ml", Fingerprint, "", Now);

    private static void Submit(BasinKeeper keeper, int author, string claim)
    {
        var tip = keeper.Tip();
        var step = BasinLearning.Step(tip.PointIn(Space), [new Success(Kaiming, 1)], 0.1);
        keeper.Submit(BasinDelta.Create(Author(author), tip, Space, [claim], 3, step).Bytes.Span, 1, 1);
    }

    private static string Author(int author) => author.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}

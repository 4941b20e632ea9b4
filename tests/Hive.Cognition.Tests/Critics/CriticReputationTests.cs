using FsCheck;
using FsCheck.Fluent;
using Hive.Cognition.Critics;

namespace Hive.Cognition.Tests.Critics;

public sealed class CriticReputationTests
{
    [Fact]
    public void A_stranger_is_trusted_four_times_in_five() => Assert.Equal(0.8, new CriticReputation().Accuracy("nobody"));

    [Fact]
    public void Accuracy_is_the_mean_of_the_posterior_within_its_bounds() => Prop.ForAll<NonNegativeInt, NonNegativeInt>((agreed, differed) =>
    {
        var reputation = new CriticReputation();
        reputation.Restore(new Dictionary<string, (long, long)> { ["c"] = (agreed.Get, differed.Get) });
        return reputation.Accuracy("c") == Math.Clamp((4.0 + agreed.Get) / (5 + agreed.Get + differed.Get), 0.55, 0.99);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_fact_that_agrees_raises_accuracy_and_every_other_lowers_it() => Prop.ForAll<bool[]>(facts =>
    {
        var reputation = new CriticReputation();
        return facts.All(agreed =>
        {
            var before = reputation.Accuracy("c");
            reputation.Record("c", agreed);
            return agreed ? reputation.Accuracy("c") >= before : reputation.Accuracy("c") <= before;
        }) && (facts.Length == 0 || reputation.Counts["c"] == (facts.Count(agreed => agreed), facts.Count(agreed => !agreed)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_restored_is_what_was_known()
    {
        var reputation = new CriticReputation();
        reputation.Record("b", true);
        reputation.Record("a", false);
        var copy = new CriticReputation();
        copy.Record("c", true);
        copy.Restore(reputation.Counts);
        Assert.Equal(reputation.Counts, copy.Counts);
        Assert.Equal(["a", "b"], copy.Counts.Keys);
        copy.Restore(copy.Counts);
        Assert.Equal(reputation.Counts, copy.Counts);
    }

    [Fact]
    public void Counts_that_cannot_be_are_refused_and_change_nothing()
    {
        var reputation = new CriticReputation();
        reputation.Record("a", true);
        Assert.Throws<ArgumentException>(() => reputation.Restore(new Dictionary<string, (long, long)> { ["b"] = (1, -1) }));
        Assert.Throws<ArgumentException>(() => reputation.Restore(new Dictionary<string, (long, long)> { ["b"] = (long.MaxValue, 0) }));
        Assert.Throws<ArgumentException>(() => reputation.Restore(Enumerable.Range(0, 1_025).ToDictionary(i => $"c{i}", _ => (1L, 1L))));
        Assert.Equal((1, 0), Assert.Single(reputation.Counts).Value);
    }

    [Fact]
    public void Of_too_many_critics_the_one_least_known_is_forgotten()
    {
        var reputation = new CriticReputation();
        reputation.Record("known", true);
        reputation.Record("known", true);
        for (var i = 0; i < 2 * CriticReputation.MostCritics; i++) reputation.Record($"passing {i}", true);
        Assert.Equal(CriticReputation.MostCritics, reputation.Counts.Count);
        Assert.Equal((2, 0), reputation.Counts["known"]);
    }
}

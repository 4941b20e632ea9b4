using Hive.Basins;

namespace Hive.Research.Tests.Basins;

public sealed class PoisoningTests
{
    public static TheoryData<PoisoningAttack> Attacks => [.. Enum.GetValues<PoisoningAttack>()];

    [Theory]
    [MemberData(nameof(Attacks))]
    public void With_the_evidence_gate_a_fifth_of_hostile_agents_moves_the_basin_by_less_than_a_twentieth(PoisoningAttack attack)
    {
        for (ulong seed = 1; seed <= 2; seed++) Assert.InRange(PoisoningTrial.Share(attack, new MergeOptions(), 2, 6, seed), 0, 0.05);
    }

    [Fact]
    public void Without_it_no_rule_holds_a_lie_that_stays_within_the_honest_spread() => Assert.All(
        Enum.GetValues<AggregationRule>(),
        rule => Assert.True(PoisoningTrial.Share(PoisoningAttack.LittleIsEnough, new MergeOptions { Rule = rule, RequireEvidence = false }, 1, 6, 1) > 0.5));

    [Fact]
    public void Without_it_what_lies_far_out_is_refused_all_the_same() =>
        Assert.Equal(0, PoisoningTrial.Share(PoisoningAttack.Far, new MergeOptions { RequireEvidence = false }, 3, 6, 1));

    [Fact]
    public void Where_honest_agents_agree_the_opposite_of_what_they_found_is_an_outlier_as_long_as_theirs_or_not() =>
        Assert.InRange(PoisoningTrial.Share(PoisoningAttack.SignFlip, new MergeOptions { RequireEvidence = false }, 1, 200, 1), 0, 0.25);
}

using FsCheck;
using FsCheck.Fluent;
using Hive.Silo.Hosting;
using Hive.Silos;

namespace Hive.Silo.Tests.Hosting;

public sealed class TierRuleTests
{
    [Theory]
    [InlineData(1, 2_000, 0, 0, Tiers.Edge)]
    [InlineData(64, 8_000, 0, 0, Tiers.Edge)]
    [InlineData(4, 15_000, 0, 0, Tiers.Worker)]
    [InlineData(2, 4_000, 8_192, 0, Tiers.Worker)]
    [InlineData(16, 64_000, 24_564, 0, Tiers.Worker)]
    [InlineData(16, 64_000, 81_559, 0, Tiers.Core)]
    [InlineData(1, 1_000, 0, 1, Tiers.Core)]
    public void A_machine_has_the_tier_that_the_documentation_says(int cores, long memory, long gpu, int brains, string tier) =>
        Assert.Equal(tier, TierRule.Choose(Machine(cores, memory, gpu), brains).Tier);

    [Fact]
    public void More_hardware_never_makes_a_lower_tier() => Prop.ForAll(
        Gen.Choose(0, 200_000).Four().ToArbitrary(),
        numbers =>
        {
            var (cores, memory, gpu, more) = numbers;
            var rank = Rank(Machine(cores, memory, gpu));
            return rank <= Rank(Machine(cores + more, memory, gpu)) && rank <= Rank(Machine(cores, memory + more, gpu)) && rank <= Rank(Machine(cores, memory, gpu + more));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_choice_says_what_was_found_and_why()
    {
        var choice = TierRule.Choose(Machine(8, 32_000, 81_559), 0);
        Assert.Equal(["8 cores", "32,000 MiB of memory", "GPU H100 with 81,559 MiB, driver 550.54", "no brain"], choice.Found);
        Assert.Contains("40,000 MiB", choice.Why, StringComparison.Ordinal);
    }

    private static int Rank(Hardware hardware) => Tiers.All.ToList().IndexOf(TierRule.Choose(hardware, 0).Tier);

    private static Hardware Machine(int cores, long memory, long gpu) => new(cores, memory, gpu == 0 ? [] : [new Gpu("H100", gpu, "550.54")]);
}

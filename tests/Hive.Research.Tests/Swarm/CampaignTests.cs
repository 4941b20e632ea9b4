using FsCheck;
using FsCheck.Fluent;
using Hive.Randomness;
using Hive.Research;
using Hive.Swarm;

namespace Hive.Tests.Swarm;

public sealed class CampaignTests
{
    private static readonly CampaignSpec Small = new() { Agents = 7, Experiments = 60, Seed = 3 };

    [Fact]
    public void Results_in_any_order_give_the_same_campaign()
    {
        var domain = new SyntheticDomain(11, 0.02);
        var first = new Campaign(Small, domain);
        Campaigns.Run(first, domain);
        Prop.ForAll<ulong>(seed =>
        {
            var campaign = new Campaign(Small, domain);
            Campaigns.Run(campaign, domain, new SeededRandom(seed));
            return Campaigns.Describe(campaign) == Campaigns.Describe(first);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10));
    }

    [Fact]
    public void Any_beginning_of_a_log_goes_on_to_the_same_end_and_runs_nothing_again()
    {
        var domain = new SyntheticDomain(12, 0.02);
        var whole = new Campaign(Small, domain);
        var log = Campaigns.Run(whole, domain, new SeededRandom(5));
        Prop.ForAll<PositiveInt>(cut =>
        {
            var kept = cut.Get * 13 % log.Count;
            var resumed = new Campaign(Small, domain);
            foreach (var (id, result) in log.Take(kept)) Assert.True(resumed.Record(id, result));
            var rest = Campaigns.Run(resumed, domain, new SeededRandom((ulong)cut.Get));
            return Campaigns.Describe(resumed) == Campaigns.Describe(whole) && kept + rest.Count == log.Count
                && log.Take(kept).Concat(rest).Select(entry => entry.Id).Distinct().Count() == log.Count;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10));
    }

    [Fact]
    public void A_result_counts_once_and_one_that_nobody_asked_for_never()
    {
        var domain = new SyntheticDomain(13);
        var campaign = new Campaign(Small, domain);
        var task = campaign.Wanted.First();
        Assert.True(campaign.Record(task.Id, Campaigns.Measure(domain, task)));
        Assert.False(campaign.Record(task.Id, new ExperimentResult(-100, 1)));
        Assert.False(campaign.Record(new TaskId(59, TaskId.Itself), new ExperimentResult(-100, 1)));
        Assert.False(campaign.Record(new TaskId(0, 3), new ExperimentResult(-100, 1)));
        Campaigns.Run(campaign, domain);
        Assert.DoesNotContain(campaign.Experiments, experiment => experiment.Value < 0);
        Assert.Equal(Small.Experiments, campaign.Experiments.Count);
    }

    [Fact]
    public void No_more_runs_at_once_than_the_window_and_its_checks()
    {
        var domain = new SyntheticDomain(14);
        var campaign = new Campaign(Small, domain);
        while (!campaign.IsEnded)
        {
            Assert.InRange(campaign.Wanted.Count(task => task.Id.IsExperiment), 0, Small.Window);
            var task = campaign.Wanted.First();
            campaign.Record(task.Id, Campaigns.Measure(domain, task));
        }
    }

    [Fact]
    public void Agents_that_share_never_try_the_same_twice()
    {
        var domain = new SyntheticDomain(15);
        var campaign = new Campaign(Small, domain);
        Campaigns.Run(campaign, domain);
        Assert.Distinct(campaign.Experiments.Select(experiment => experiment.Configuration));
    }

    [Fact]
    public void An_isolated_agent_thinks_the_same_whatever_the_others_find()
    {
        var domain = new SyntheticDomain(16);
        var spec = Small with { IsIsolated = true };
        var honest = new Campaign(spec, domain);
        var other = new Campaign(spec, domain);
        Campaigns.Run(honest, domain);
        while (!other.IsEnded)
        {
            var task = other.Wanted.First();
            var result = Campaigns.Measure(domain, task);
            other.Record(task.Id, task.Agent is 2 or 0 ? result : new ExperimentResult(2, 1));
        }

        Assert.Equal(Of(honest), Of(other));

        static IEnumerable<Configuration> Of(Campaign campaign) => campaign.Experiments.Where(experiment => experiment.Agent == 2).Select(experiment => experiment.Configuration);
    }

    [Fact]
    public void A_domain_that_fails_and_one_that_gives_no_number_end_like_any_other()
    {
        var domain = new SyntheticDomain(17);
        var campaign = new Campaign(Small, domain);
        while (!campaign.IsEnded)
        {
            var task = campaign.Wanted.First();
            campaign.Record(task.Id, (task.Id.Experiment % 3) switch
            {
                0 => new ExperimentResult(double.NaN, 1),
                1 => ExperimentResult.Failed(1, "no"),
                _ => Campaigns.Measure(domain, task),
            });
        }

        Assert.All(campaign.Experiments.Where(experiment => experiment.Number % 3 == 0), experiment => Assert.Equal(Standing.Failed, experiment.Standing));
        Assert.NotNull(campaign.Incumbent);
    }

    [Fact]
    public void Where_everything_fails_nothing_is_best()
    {
        var campaign = new Campaign(Small, new SyntheticDomain(18));
        while (!campaign.IsEnded) campaign.Record(campaign.Wanted.First().Id, ExperimentResult.Failed(1, "no"));
        Assert.Null(campaign.Incumbent);
        Assert.Empty(campaign.Papers);
    }

    [Fact]
    public void A_specification_out_of_range_is_refused_by_name()
    {
        var domain = new SyntheticDomain(19);
        Assert.Contains("agents", Assert.Throws<ArgumentException>(() => new Campaign(Small with { Agents = 0 }, domain)).Message);
        Assert.Contains("experiments", Assert.Throws<ArgumentException>(() => new Campaign(Small with { Experiments = -1 }, domain)).Message);
        Assert.Contains("window", Assert.Throws<ArgumentException>(() => new Campaign(Small with { Window = 0 }, domain)).Message);
        Assert.Contains("hostile", Assert.Throws<ArgumentException>(() => new Campaign(Small with { Hostile = 0.7 }, domain)).Message);
        Assert.Contains("isolated", Assert.Throws<ArgumentException>(() => new Campaign(Small with { Hostile = 0.2, IsIsolated = true }, domain)).Message);
    }
}

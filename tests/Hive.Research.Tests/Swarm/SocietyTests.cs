using System.Collections.Immutable;
using Hive.Basins;
using Hive.Research;
using Hive.Swarm;

namespace Hive.Tests.Swarm;

public sealed class SocietyTests
{
    [Fact]
    public void A_claim_that_three_replicate_by_far_is_a_breakthrough()
    {
        var review = PeerReview.Judge(Direction.Minimize, [1, 2, 3], [1.0, 1.1, 0.9], [2.0, 2.1, 1.9]);
        Assert.True(review.IsBreakthrough);
        Assert.Equal(8, review.EffectSize, 9);
        Assert.Equal(1 + (9 * 8 / 8.5), review.Score, 9);
    }

    [Fact]
    public void A_claim_on_which_a_reviewer_disagrees_is_no_breakthrough()
    {
        var review = PeerReview.Judge(Direction.Maximize, [1, 2, 3], [3.0, 3.1, 1.0], [2.0, 2.1, 1.9]);
        Assert.True(review.IsReplicated);
        Assert.InRange(review.Score, 1, 7);
        Assert.False(review.IsBreakthrough);
    }

    [Fact]
    public void A_claim_that_others_find_worse_or_cannot_run_does_not_replicate()
    {
        Assert.False(PeerReview.Judge(Direction.Minimize, [1, 2, 3], [2.0, 2.1, 1.9], [1.0, 1.1, 0.9]).IsReplicated);
        Assert.False(PeerReview.Judge(Direction.Minimize, [1, 2, 3], [double.NaN, double.NaN, 0.9], [1.0, 1.1, 1.0]).IsReplicated);
        Assert.False(PeerReview.Judge(Direction.Minimize, [1, 2, 3], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]).IsReplicated);
    }

    [Fact]
    public void Without_noise_a_better_claim_scores_ten()
    {
        ImmutableArray<double> better = [1, 1, 1];
        Assert.Equal(10, PeerReview.Judge(Direction.Minimize, [1, 2, 3], better, [2, 2, 2]).Score);
    }

    [Fact]
    public void Every_incumbent_was_replicated_and_beats_the_one_before()
    {
        var domain = new SyntheticDomain(21);
        var campaign = new Campaign(new CampaignSpec { Agents = 7, Experiments = 120 }, domain);
        Campaigns.Run(campaign, domain);
        Assert.NotEmpty(campaign.Papers);
        Assert.All(campaign.Papers.Where(paper => paper.Review!.IsReplicated), paper => Assert.True(domain.Height(paper.Claim.Configuration) < domain.Height(paper.Incumbent.Configuration)));
        Assert.All(campaign.Papers, paper => Assert.DoesNotContain(paper.Claim.Agent, paper.Review!.Reviewers));
        Assert.Equal(campaign.Papers.Last(paper => paper.Review!.IsReplicated).Claim, campaign.Incumbent);
    }

    [Fact]
    public void Lies_change_nothing_that_honest_agents_do()
    {
        var domain = new SyntheticDomain(22, 0.01);
        var spec = new CampaignSpec { Agents = 20, Experiments = 160, Hostile = 0.2 };
        var silent = new Campaign(spec with { IsHostileSilent = true }, domain);
        var lying = new Campaign(spec, domain);
        Campaigns.Run(silent, domain);
        Campaigns.Run(lying, domain);
        Assert.Equal(Honest(silent), Honest(lying));
        Assert.Equal(silent.Incumbent!.Number, lying.Incumbent!.Number);
        Assert.All(lying.Experiments.Where(experiment => experiment.IsSimulatedLie), lie => Assert.Equal(Standing.Struck, lie.Standing));

        IEnumerable<Configuration> Honest(Campaign campaign) => campaign.Experiments.Where(experiment => !spec.IsHostile(experiment.Agent)).Select(experiment => experiment.Configuration);
    }

    [Fact]
    public void Lies_and_poisoned_deltas_move_the_canonical_basin_less_than_a_twentieth_of_what_they_do_without_defences()
    {
        foreach (var seed in new ulong[] { 31, 32, 33 })
        {
            var domain = new SyntheticDomain(seed, 0.01);
            var spec = new CampaignSpec { Agents = 20, Experiments = 160, Hostile = 0.2, Seed = seed };
            var reference = BasinOf(spec with { IsHostileSilent = true });
            var defended = BasinOf(spec).Distance(reference);
            var credulous = BasinOf(spec with { HasDefences = false }).Distance(reference);
            Assert.True(credulous > 1, $"seed {seed}: without defences the basin moved {credulous:F3} only");
            Assert.True(defended < credulous / 20, $"seed {seed}: {defended:F3} with defences, {credulous:F3} without");

            BasinPoint BasinOf(CampaignSpec campaign)
            {
                var run = new Campaign(campaign, domain);
                Campaigns.Run(run, domain);
                return run.Basin.PointIn(new BasinSpace(domain.Space));
            }
        }
    }

    [Fact]
    public void A_basin_that_breakthroughs_moved_leads_a_fresh_agent_to_where_they_were()
    {
        var domain = new SyntheticDomain(34);
        var campaign = new Campaign(new CampaignSpec { Agents = 20, Experiments = 200 }, domain);
        Campaigns.Run(campaign, domain);
        var lone = new CampaignSpec { Agents = 1, Experiments = 20, Seed = 9 };
        var (without, with) = (new Campaign(lone, domain), new Campaign(lone, domain, campaign.Basin));
        Campaigns.Run(without, domain);
        Campaigns.Run(with, domain);
        Assert.InRange(campaign.Basin.Bytes.Length, 1, BasinPacket.MaxBytes);
        Assert.True(domain.Height(with.Experiments[1].Configuration) < without.Best!.Value);
    }

    [Fact]
    public void A_lucky_result_does_not_replicate_and_ranks_no_more()
    {
        var domain = new SyntheticDomain(23);
        var campaign = new Campaign(new CampaignSpec { Agents = 7, Experiments = 60 }, domain);
        while (!campaign.IsEnded)
        {
            // Experiment 9 is lucky with its own seed, on the data that are not held back; nobody else is with his.
            var task = campaign.Wanted.First();
            var isLucky = task.Id.Experiment == 9 && task.Part == DataPart.Validation;
            campaign.Record(task.Id, isLucky ? new ExperimentResult(0.1, 1) : task.Id.Experiment == 9 && task.Id.Run % 2 == 1 ? new ExperimentResult(3, 1) : Campaigns.Measure(domain, task));
        }

        var paper = Assert.Single(campaign.Papers, paper => paper.Claim.Number == 9);
        Assert.False(paper.Review!.IsReplicated);
        Assert.Equal(Standing.NotReplicated, paper.Claim.Standing);
        Assert.NotEqual(9, campaign.Incumbent!.Number);
    }
}

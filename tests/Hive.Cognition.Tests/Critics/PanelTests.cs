using FsCheck;
using FsCheck.Fluent;
using Hive.Cognition.Critics;

namespace Hive.Cognition.Tests.Critics;

public sealed class PanelTests
{
    private const double MostLogOdds = 4.59511985013459; // ln(0.99 / 0.01)

    private static readonly PanelRules Rules = new();

    private static readonly Arbitrary<WeighedVerdict[]> Panels = (
        from score in Gen.Choose(0, 100)
        from accuracy in Gen.Choose(0, 100)
        select new WeighedVerdict($"critic {score}", score / 100.0, accuracy / 100.0)).ArrayOf().ToArbitrary();

    [Theory]
    [InlineData(new[] { 0.9, 0.9, 0.9 }, 0.9, 1 / 65.0, true, true)]
    [InlineData(new[] { 0.1, 0.1, 0.1 }, 0.1, 1 / 65.0, true, false)]
    [InlineData(new[] { 0.6, 0.6, 0.6 }, 0.6, 1 / 65.0, true, true)]
    [InlineData(new[] { 0.9, 0.9 }, 0.9, 1 / 17.0, false, false)]
    [InlineData(new[] { 0.9, 0.9, 0.0 }, 0.7, 0.2, false, false)]
    [InlineData(new[] { 0.9, 0.9, 0.0, 0.9, 0.9 }, 0.9, 1 / 65.0, true, true)]
    [InlineData(new double[0], 0.0, 0.5, false, false)]
    public void Critics_of_accuracy_four_in_five_are_judged_as_the_formula_says(double[] scores, double score, double disagreement, bool isConclusive, bool isAccepted)
    {
        var judgement = Panel.Judge([.. scores.Select((s, i) => new WeighedVerdict($"c{i}", s, 0.8))], Rules);
        Assert.Equal(score, judgement.Score, 12);
        Assert.Equal(disagreement, judgement.Disagreement, 12);
        Assert.Equal((isConclusive, isAccepted), (judgement.IsConclusive, judgement.IsAccepted));
    }

    [Fact]
    public void The_order_of_verdicts_does_not_matter() => Prop.ForAll(Panels, verdicts =>
        Panel.Judge(verdicts, Rules) == Panel.Judge([.. verdicts.Reverse()], Rules)
        && Panel.Judge(verdicts, Rules) == Panel.Judge([.. verdicts.OrderBy(verdict => verdict.Accuracy)], Rules)).QuickCheckThrowOnFailure();

    [Fact]
    public void Score_and_disagreement_keep_within_their_ranges() => Prop.ForAll(Panels, verdicts =>
    {
        var judgement = Panel.Judge(verdicts, Rules);
        return judgement.Score >= verdicts.Select(verdict => verdict.Score).DefaultIfEmpty().Min()
            && judgement.Score <= verdicts.Select(verdict => verdict.Score).DefaultIfEmpty().Max()
            && judgement.Disagreement is > 0 and <= 0.5
            && (judgement.IsConclusive || !judgement.IsAccepted);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_critic_decides_alone_however_good_its_record()
    {
        var alone = new[] { new WeighedVerdict("star", 1, 0.99), new WeighedVerdict("a", 0, 0.55), new WeighedVerdict("b", 0, 0.55) };
        var judgement = Panel.Judge(alone, Rules);
        Assert.True(judgement.Disagreement < Rules.MaxDisagreement);
        Assert.False(judgement.IsConclusive);
        Assert.False(Panel.Judge([alone[0]], Rules with { Quorum = 1 }).IsConclusive);
        Assert.True(Panel.Judge([alone[0], alone[0] with { Critic = "other" }], Rules with { Quorum = 1 }).IsAccepted);
    }

    [Fact]
    public void No_critic_turns_a_conclusion_into_its_opposite() => Prop.ForAll(Panels, verdicts =>
    {
        // Without a threshold for the panel's own score, so that accepting and refusing are each other's mirror.
        var rules = Rules with { Threshold = 0.01 };
        var accepted = verdicts.Select((verdict, i) => verdict with { Score = i % 4 == 3 ? 0 : 1 }).ToArray();
        if (!Panel.Judge(accepted, rules).IsAccepted) return true;
        return Enumerable.Range(0, accepted.Length).All(liar =>
        {
            var turned = accepted.ToArray();
            turned[liar] = turned[liar] with { Score = 1 - turned[liar].Score };
            var judgement = Panel.Judge(turned, rules);
            return judgement.IsAccepted || !judgement.IsConclusive;
        });
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_liar_moves_the_log_odds_by_no_more_than_two_of_the_greatest_weights() => Prop.ForAll(Panels, verdicts =>
    {
        if (verdicts.Length == 0) return true;
        var lying = verdicts.ToArray();
        lying[0] = lying[0] with { Score = lying[0].Score >= Rules.Threshold ? 0 : 1 };
        return Math.Abs(LogOdds(lying) - LogOdds(verdicts)) <= (2 * MostLogOdds) + 1e-6;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_liar_with_a_fifth_of_the_weight_cannot_move_the_score_beyond_what_others_said() => Prop.ForAll(Panels, verdicts =>
    {
        if (verdicts.Length < 5) return true;
        var honest = verdicts.Select(verdict => verdict with { Accuracy = 0.8 }).ToArray();
        var others = honest.Skip(1).Select(verdict => verdict.Score).ToArray();
        return new[] { 0.0, 1.0 }.All(lie =>
        {
            honest[0] = honest[0] with { Score = lie };
            var score = Panel.Judge(honest, Rules).Score;
            return score >= others.Min() - 1e-9 && score <= others.Max() + 1e-9;
        });
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Critics_right_four_times_in_five_drawn_until_conclusive_accept_what_is_right_in_97_of_100(int seed)
    {
        const int Candidates = 2_000;
        var random = new Random(seed);
        var (accepted, rightlyAccepted, refused, rightlyRefused, drawn) = (0, 0, 0, 0, 0);
        for (var i = 0; i < Candidates; i++)
        {
            var isGood = random.Next(2) == 0;
            var verdicts = new List<WeighedVerdict>();
            PanelJudgement judgement;
            do
            {
                var isFor = random.NextDouble() < (isGood ? 0.8 : 0.2);
                verdicts.Add(new($"c{verdicts.Count}", isFor ? 0.9 : 0.1, 0.8));
                judgement = Panel.Judge(verdicts, Rules);
            }
            while (!judgement.IsConclusive && verdicts.Count < Rules.MostPerTier);

            drawn += verdicts.Count;
            if (!judgement.IsConclusive) continue;
            if (judgement.IsAccepted) (accepted, rightlyAccepted) = (accepted + 1, rightlyAccepted + (isGood ? 1 : 0));
            else (refused, rightlyRefused) = (refused + 1, rightlyRefused + (isGood ? 0 : 1));
        }

        Assert.True(rightlyAccepted >= 0.97 * accepted, $"seed {seed}: {rightlyAccepted} of {accepted} accepted are right");
        Assert.True(rightlyRefused >= 0.97 * refused, $"seed {seed}: {rightlyRefused} of {refused} refused are wrong");
        Assert.True(accepted + refused >= 0.85 * Candidates, $"seed {seed}: {accepted + refused} concluded");
        // Wald: a walk to ±3 with steps right four times in five takes 3·(63/65)/0.6 = 4.85 verdicts; being stopped at nine shortens it.
        Assert.InRange((double)drawn / Candidates, 4.2, 4.85);
    }

    [Fact]
    public void What_is_no_score_and_no_rule_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Panel.Judge([new("c", 1.5, 0.8)], Rules));
        Assert.Throws<ArgumentException>(() => Panel.Judge([new("c", double.NaN, 0.8)], Rules));
        Assert.Throws<ArgumentException>(() => Panel.Judge([new("c", 1, double.NaN)], Rules));
        foreach (var rules in new PanelRules[] { new(Quorum: 0), new(Threshold: 0), new(Threshold: double.NaN), new(MaxDisagreement: 0.5), new(MostPerTier: 0) })
        {
            Assert.Throws<ArgumentException>(rules.Validate);
        }
    }

    private static double LogOdds(WeighedVerdict[] verdicts)
    {
        // The size comes from the judgement, the sign from the weights themselves.
        var sum = verdicts.Sum(verdict => (verdict.Score >= Rules.Threshold ? 1 : -1) * Math.Log(Bounded(verdict.Accuracy) / (1 - Bounded(verdict.Accuracy))));
        var disagreement = Panel.Judge(verdicts, Rules).Disagreement;
        return Math.Sign(sum) * Math.Log((1 - disagreement) / disagreement);
    }

    private static double Bounded(double accuracy) => Math.Clamp(accuracy, CriticReputation.LeastAccuracy, CriticReputation.GreatestAccuracy);
}

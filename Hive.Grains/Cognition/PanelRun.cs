using System.Collections.Immutable;
using Hive.Brains;
using Hive.Cognition.Critics;
using Hive.Cognition.Prompts;
using Hive.Cognition.Votes;
using Hive.Goals;

namespace Hive.Cognition;

/// <summary>
/// Has critics judge a text: as many as it takes until they are of one mind, first at the cheapest tier, then a tier up, and where the highest tier is of two minds, a person.
/// A critic is never the author, and preferably of another model.
/// </summary>
internal sealed class PanelRun(Desk desk)
{
    /// <summary>A verdict takes its words, however short the answers that it judges are to be.</summary>
    private const int LeastTokens = 512;

    private PanelRules Rules { get; } = desk.Spec.Critics is { } critics ? RulesOf(critics) : new PanelRules();

    /// <summary>Judges.</summary>
    /// <param name="id">The panel's id, which its calls begin with.</param>
    /// <param name="prompt">What a critic is asked.</param>
    /// <param name="models">The authors' models.</param>
    /// <param name="stop">The judgement is not wanted any more.</param>
    /// <exception cref="BudgetExhaustedException">The budget does not allow enough verdicts.</exception>
    public async Task<PanelFinding> JudgeAsync(string id, string prompt, ImmutableArray<string> models, CancellationToken stop)
    {
        var verdicts = new List<(WeighedVerdict Weighed, CriticVerdict Verdict, string Tier)>();
        var asked = 0;
        await desk.Brains.WaitForAnyAsync(stop);
        for (var tier = desk.Brains.Resolve(null); tier is not null; tier = desk.Brains.Above(tier))
        {
            for (var here = 0; here < Rules.MostPerTier;)
            {
                var want = Math.Min(Wanted(verdicts), Rules.MostPerTier - here);
                var (first, at) = (asked, tier);
                var answers = await Together.AllAsync(want, (i, all) => AskAsync(FormattableString.Invariant($"{id}.c{first + i}"), at, prompt, models, all), stop);
                here += want;
                asked += want;
                foreach (var answer in answers)
                {
                    if (answer is { } given)
                    {
                        verdicts.Add((given.Weighed, given.Verdict, tier));
                    }
                }

                var judgement = Panel.Judge([.. verdicts.Select(verdict => verdict.Weighed)], Rules);
                if (judgement.IsConclusive)
                {
                    Remember(id, verdicts, judgement, tier);
                    return Finding(judgement, verdicts, isContested: false);
                }
            }
        }

        return Finding(Panel.Judge([.. verdicts.Select(verdict => verdict.Weighed)], Rules), verdicts, isContested: true);
    }

    /// <summary>A tier is asked for three times as many verdicts at most as would decide if all were of one mind.</summary>
    private static PanelRules RulesOf(CriticsCheck critics)
    {
        var ofOneMind = VoteMathematics.LeadFor(CriticReputation.UsualAccuracy, 1, critics.Confidence);
        return new PanelRules(critics.Quorum, critics.Threshold, 1 - critics.Confidence, 3 * Math.Max(critics.Quorum, ofOneMind));
    }

    /// <summary>How many verdicts of one mind would decide at the soonest.</summary>
    private int Wanted(List<(WeighedVerdict Weighed, CriticVerdict Verdict, string Tier)> verdicts)
    {
        var known = verdicts.Select(verdict => verdict.Weighed).ToList();
        var forIt = known.Sum(verdict => verdict.Score >= Rules.Threshold ? 1 : -1) >= 0;
        for (var more = 1; more < Rules.MostPerTier; more++)
        {
            known.Add(new WeighedVerdict("", forIt ? 1 : 0, desk.Progress.Reputation.Accuracy("")));
            if (Panel.Judge(known, Rules).IsConclusive)
            {
                return more;
            }
        }

        return Rules.MostPerTier;
    }

    private async Task<(WeighedVerdict Weighed, CriticVerdict Verdict)?> AskAsync(string id, string tier, string prompt, ImmutableArray<string> models, CancellationToken stop)
    {
        try
        {
            var question = desk.Ask(id, tier, "critic", prompt) with { SchemaName = VerdictSchema.Name, Schema = VerdictSchema.Json, Avoid = models, WithLessons = desk.Policy.MaxLessons > 0, Temperature = 0.3, MaxTokens = Math.Max(desk.Spec.AnswerTokens, LeastTokens) };
            var answer = await desk.Caller.AskAsync(question, stop);

            // A verdict that is none is thrown away, not repaired: what is malformed is more often wrong.
            return VerdictReader.Read(answer.Reply.Text, out _) is { } verdict
                ? (new WeighedVerdict(answer.Agent, verdict.Score, desk.Progress.Reputation.Accuracy(answer.Agent)), verdict)
                : null;
        }
        catch (NoAnswerException)
        {
            return null;
        }
    }

    /// <summary>What a higher tier decided is a fact for the critics below it.</summary>
    private void Remember(string id, List<(WeighedVerdict Weighed, CriticVerdict Verdict, string Tier)> verdicts, PanelJudgement judgement, string decidedAt)
    {
        var below = verdicts.Where(verdict => verdict.Tier != decidedAt).Select(verdict => new CriticRecord(verdict.Weighed.Critic, verdict.Weighed.Score)).ToArray();
        if (below.Length > 0)
        {
            desk.Learn($"{id}.learnt", below, Rules.Threshold, judgement.IsAccepted);
        }
    }

    private static PanelFinding Finding(PanelJudgement judgement, List<(WeighedVerdict Weighed, CriticVerdict Verdict, string Tier)> verdicts, bool isContested) => new(
        judgement.Score,
        judgement.Disagreement,
        judgement.IsAccepted,
        isContested,
        [.. verdicts.SelectMany(verdict => verdict.Verdict.Faults).Distinct(StringComparer.Ordinal).Take(16)],
        [.. verdicts.Select(verdict => new CriticRecord(verdict.Weighed.Critic, verdict.Weighed.Score))]);
}

/// <summary>What a panel found.</summary>
internal sealed record PanelFinding(
    double Score, double Disagreement, bool IsAccepted, bool IsContested, ImmutableArray<string> Faults, ImmutableArray<CriticRecord> Critics);

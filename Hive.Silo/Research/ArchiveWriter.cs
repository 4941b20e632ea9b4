using System.Globalization;
using Hive.Archive;
using Hive.Research;
using Hive.Silo.Display;
using Hive.Swarm;

namespace Hive.Silo.Research;

/// <summary>
/// Writes a campaign into an archive. It follows from the campaign's log alone, so it is written when the campaign has ended, beside nothing that waits for it, and a second
/// time after a crash without harm.
/// </summary>
internal static class ArchiveWriter
{
    /// <summary>Adds every experiment to its agent's branch, the papers to their authors', and a snapshot of the whole.</summary>
    /// <exception cref="ArchiveException">The archive failed; the campaign's log is whole, and the same command archives it again.</exception>
    public static async Task WriteAsync(ResearchArchive archive, CampaignOutcome outcome, string snapshot, CancellationToken cancellation)
    {
        var bests = new Dictionary<int, Experiment>();
        var runs = new Dictionary<int, int>();
        foreach (var experiment in outcome.Campaign.Experiments.Where(experiment => !outcome.Campaign.Spec.IsHostile(experiment.Agent)))
        {
            var isBest = double.IsFinite(experiment.Value) && (!bests.TryGetValue(experiment.Agent, out var best) || outcome.Campaign.IsBetter(experiment.Value, best.Value));
            if (isBest) bests[experiment.Agent] = experiment;
            var run = runs[experiment.Agent] = runs.GetValueOrDefault(experiment.Agent) + 1;
            var json = Json(outcome, experiment);
            await archive.AddRunAsync(
                BranchOf(outcome, experiment.Agent), run, outcome.TimeOf(new TaskId(experiment.Number, TaskId.Itself)), json, Markdown(outcome, experiment), isBest ? json : null, cancellation);
        }

        foreach (var paper in outcome.Campaign.Papers)
        {
            var at = outcome.TimeOf(new TaskId(paper.Claim.Number, TaskId.Itself));
            await archive.AddPaperAsync(BranchOf(outcome, paper.Claim.Agent), string.Create(CultureInfo.InvariantCulture, $"paper-{paper.Number:D2}"), at, PaperText.Of(outcome, paper), cancellation);
        }

        await archive.AddSnapshotAsync(outcome.EndedAt, snapshot, cancellation);
        await archive.CheckpointAsync(cancellation);
    }

    /// <summary>Agents of several campaigns share an archive, so the campaign is a part of the name.</summary>
    private static string BranchOf(CampaignOutcome outcome, int agent) => $"{outcome.Id}-{CampaignOutcome.NameOf(agent)}";

    private static string Json(CampaignOutcome outcome, Experiment experiment) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("domain", outcome.Domain.Name);
        writer.WriteString("fingerprint", outcome.Domain.Fingerprint);
        writer.WriteString("campaign", outcome.Id);
        writer.WriteNumber("experiment", experiment.Number);
        writer.WriteString("agent", CampaignOutcome.NameOf(experiment.Agent));
        writer.WriteString("source", experiment.Hypothesis.Source.ToString().ToLowerInvariant());
        writer.WritePropertyName("configuration");
        outcome.Domain.Space.Write(writer, experiment.Configuration);
        writer.WriteString("seed", experiment.Seed.ToString(CultureInfo.InvariantCulture));
        if (double.IsFinite(experiment.Value)) writer.WriteNumber("value", experiment.Value);
        writer.WriteNumber("work", experiment.Work);
        if (experiment.Failure is { } failure) writer.WriteString("failure", failure);
        writer.WriteString("standing", experiment.Standing.ToString());
        writer.WriteEndObject();
    });

    private static string Markdown(CampaignOutcome outcome, Experiment experiment) => string.Create(CultureInfo.InvariantCulture, $"""
        # Experiment {experiment.Number} on {outcome.Domain.Name}

        By {CampaignOutcome.NameOf(experiment.Agent)}, from {experiment.Hypothesis.Source switch
    {
        HypothesisSource.Leaderboard => "a leader, changed",
        HypothesisSource.Peers => "two good results, crossed",
        HypothesisSource.Basin => "the basin",
        HypothesisSource.Exploration => "chance",
        _ => "the baseline",
    }}.

        {outcome.TechniqueOf(experiment)}

        {outcome.Domain.Metric}: {(experiment.Failure is { } failure ? $"none ({failure})" : CampaignOutcome.Number(experiment.Value))}. Standing: {experiment.Standing}.

        """);
}

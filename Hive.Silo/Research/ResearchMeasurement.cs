using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hive.Basins;
using Hive.Research;
using Hive.Silo.Commands;
using Hive.Swarm;

namespace Hive.Silo.Research;

/// <summary>
/// Measurements over several seeds: what sharing is worth, what a basin is worth, and what lies do. Each campaign of a measurement is kept under an id that follows from what
/// was asked for, so a measurement that was interrupted goes on where it was, and one that shares campaigns with another does not run them twice.
/// </summary>
internal sealed class ResearchMeasurement(CommandConsole console, ResearchSession session, ResearchArguments arguments)
{
    /// <summary>How many experiments a fresh agent makes in a measurement of transfer.</summary>
    private const int LoneExperiments = 60;

    private const double SharingGoal = 0.5;
    private const double TransferGoal = 1.0 / 3;

    private CampaignRequest Request => arguments.Request;

    /// <summary>Runs what was asked for.</summary>
    /// <param name="cancellation">Interrupts; what was run is kept.</param>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var domain = await session.OpenAsync(Request.Domain, cancellation);
        try
        {
            var text = Request.Spec.Hostile > 0 ? await PoisonAsync(domain, cancellation)
                : arguments.IsTransfer ? await TransferAsync(domain, cancellation)
                : await CompareAsync(domain, cancellation);
            console.Output.WriteLine(text);
            return ExitCode.Done;
        }
        catch (OperationCanceledException)
        {
            console.Error.WriteLine("hive: interrupted; the campaigns that were run are kept, and the same command goes on from there");
            return ExitCode.Interrupted;
        }
        catch (ResearchStoppedException e)
        {
            return console.Failed($"a campaign of the measurement stopped: {e.Message}; the same command goes on from there");
        }
    }

    private async Task<string> CompareAsync(IResearchDomain domain, CancellationToken cancellation)
    {
        var rows = ImmutableArray.CreateBuilder<RaceRow>();
        foreach (var seed in Seeds)
        {
            var isolated = await RunAsync("isolated", seed, spec => spec with { IsIsolated = true }, null, cancellation);
            var sharing = await RunAsync("sharing", seed, spec => spec with { IsIsolated = false }, null, cancellation);
            rows.Add(RaceRow.Of(seed, isolated.Campaign, sharing.Campaign));
            Tell(rows[^1]);
        }

        return MeasurementText.Of("compare", domain, Request.Spec, Race.Of(rows.ToImmutable(), Request.Spec.Experiments, SharingGoal), arguments.IsJson);
    }

    private async Task<string> TransferAsync(IResearchDomain domain, CancellationToken cancellation)
    {
        var rows = ImmutableArray.CreateBuilder<RaceRow>();
        foreach (var seed in Seeds)
        {
            var source = await RunAsync("source", seed, spec => spec with { IsIsolated = false }, null, cancellation);
            CampaignSpec Lone(CampaignSpec spec) => spec with { IsIsolated = true, Agents = 1, Window = 1, Experiments = LoneExperiments, Seed = ~seed };
            var without = await RunAsync("without", seed, Lone, null, cancellation);
            var with = await RunAsync("with", seed, Lone, source.Campaign.Basin, cancellation);
            rows.Add(RaceRow.Of(seed, without.Campaign, with.Campaign));
            Tell(rows[^1]);
        }

        return MeasurementText.Of("transfer", domain, Request.Spec, Race.Of(rows.ToImmutable(), LoneExperiments, TransferGoal), arguments.IsJson);
    }

    private async Task<string> PoisonAsync(IResearchDomain domain, CancellationToken cancellation)
    {
        var rows = ImmutableArray.CreateBuilder<PoisonRow>();
        var space = new BasinSpace(domain.Space);
        foreach (var seed in Seeds)
        {
            var silent = await RunAsync("silent", seed, spec => spec with { IsHostileSilent = true, HasDefences = true }, null, cancellation);
            var defended = await RunAsync("defended", seed, spec => spec with { IsHostileSilent = false, HasDefences = true }, null, cancellation);
            var credulous = await RunAsync("credulous", seed, spec => spec with { IsHostileSilent = false, HasDefences = false }, null, cancellation);
            var reference = silent.Campaign.Basin.PointIn(space);
            rows.Add(new PoisonRow(seed, defended.Campaign.Basin.PointIn(space).Distance(reference), credulous.Campaign.Basin.PointIn(space).Distance(reference)));
            console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: lies move the basin {rows[^1].Defended:F4} with defences, {rows[^1].Credulous:F4} without"));
        }

        return MeasurementText.OfPoison(domain, Request.Spec, rows.ToImmutable(), arguments.IsJson);
    }

    private IEnumerable<ulong> Seeds => Enumerable.Range(0, arguments.Seeds).Select(i => Request.Spec.Seed + (ulong)i);

    private async Task<CampaignOutcome> RunAsync(string arm, ulong seed, Func<CampaignSpec, CampaignSpec> change, BasinPacket? basin, CancellationToken cancellation)
    {
        var request = Request with { Spec = change(Request.Spec with { Seed = seed }), Basin = basin is null ? null : Encoding.UTF8.GetString(basin.Bytes.Span) };
        var id = $"m-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request.ToJson())))[..16]}";
        var outcome = await session.RunAsync(id, request, _ => new QuietResearchDisplay(), cancellation);
        console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"seed {seed}, {arm}: best {(outcome.Campaign.Best is { } best ? CampaignOutcome.Number(best.Value) : "none")} of {outcome.Campaign.Experiments.Count} experiments, {outcome.Seconds:F0} s ({id})"));
        return outcome;
    }

    private void Tell(RaceRow row) => console.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"seed {row.Seed}: level {CampaignOutcome.Number(row.Level)} after {row.ReferenceAt} experiments; {(row.IsCensored ? "not reached within" : "reached after")} {(row.IsCensored ? row.At - 1 : row.At)}"));
}

/// <summary>How far lies moved the basin of one seed, in Fisher–Rao distance from where it is without the liars.</summary>
internal sealed record PoisonRow(ulong Seed, double Defended, double Credulous);

/// <summary>Shows nothing; the measurement tells what each campaign came to.</summary>
internal sealed class QuietResearchDisplay : ResearchDisplay
{
    public override async Task FollowAsync(ICampaignGrain campaign, CancellationToken cancellation)
    {
        await foreach (var _ in campaign.WatchAsync(0, cancellation).WithCancellation(cancellation))
        {
        }
    }
}

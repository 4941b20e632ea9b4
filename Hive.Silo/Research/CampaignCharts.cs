using System.Globalization;
using Hive.Research;
using Hive.Swarm;

namespace Hive.Silo.Research;

/// <summary>The charts of a report.</summary>
internal static class CampaignCharts
{
    /// <summary>The best so far over the experiments, over the cloud of all results.</summary>
    public static string BestSoFar(CampaignOutcome outcome)
    {
        var campaign = outcome.Campaign;
        var bests = campaign.Bests.Select(best => ((double)best.Number, best.Value)).ToArray();
        var values = campaign.Experiments.Where(experiment => double.IsFinite(experiment.Value) && !experiment.IsSimulatedLie).Select(experiment => experiment.Value).Order().ToArray();
        if (bests.Length == 0) return new SvgChart("no experiment gave a value", "experiments", (0, 1), (0, 1)).ToString();

        // The worst quarter may lie far off; the picture is of what is near the best.
        var near = values[Math.Clamp((int)(values.Length * (campaign.Direction == Direction.Minimize ? 0.75 : 0.25)), 0, values.Length - 1)];
        var range = (Math.Min(near, bests.Min(best => best.Value)), Math.Max(near, bests.Max(best => best.Value)));
        var chart = new SvgChart($"best {outcome.Domain.Metric} so far", "experiments", (0, campaign.Experiments.Count), range);
        chart.Dots(campaign.Experiments.Where(experiment => double.IsFinite(experiment.Value)).Select(experiment => ((double)experiment.Number, experiment.Value)));
        chart.Staircase("best so far", bests, campaign.Experiments.Count);
        return chart.ToString();
    }

    /// <summary>How many agents had taken to each technique that spread.</summary>
    public static string Adoptions(CampaignOutcome outcome, IReadOnlyList<Adoption> adoptions)
    {
        var chart = new SvgChart("agents that adopted a technique", "experiments", (0, outcome.Campaign.Experiments.Count), (0, Math.Max(1, outcome.Campaign.Spec.Agents - 1)));
        foreach (var adoption in adoptions.OrderByDescending(adoption => adoption.Adopted.Length).Take(8))
        {
            var steps = adoption.Adopted.Select((at, i) => ((double)at, i + 1.0)).Prepend((adoption.At, 0)).ToArray();
            chart.Staircase(adoption.Technique, steps, outcome.Campaign.Experiments.Count);
        }

        return chart.ToString();
    }

    /// <summary>How often each way of each technique was tried; numbers by thirds of their range.</summary>
    public static string Techniques(CampaignOutcome outcome)
    {
        var space = outcome.Domain.Space;
        var experiments = outcome.Campaign.Experiments;
        var rows = new List<(string, IReadOnlyList<(string, double)>)>();
        for (var i = 0; i < space.Techniques.Length; i++)
        {
            var technique = i;
            var names = space.Techniques[i] is CategoricalTechnique categorical ? [.. categorical.Values] : Thirds(space, i);
            var ways = names.Select((name, way) => (name, experiments.Count(experiment => WayOf(space, technique, experiment.Configuration[technique], names.Length) == way) / (double)Math.Max(1, experiments.Count)));
            rows.Add((space.Techniques[i].Name, [.. ways]));
        }

        return SvgChart.Shares("how often each way was tried", rows);
    }

    private static string[] Thirds(TechniqueSpace space, int technique)
    {
        string At(double coordinate) => CampaignOutcome.Text(space, technique, space.FromCoordinate(technique, coordinate));
        return [$"{At(0)} – {At(1.0 / 3)}", $"{At(1.0 / 3)} – {At(2.0 / 3)}", $"{At(2.0 / 3)} – {At(1)}"];
    }

    private static int WayOf(TechniqueSpace space, int technique, double value, int ways) =>
        space.Techniques[technique] is CategoricalTechnique ? (int)value : Math.Clamp((int)(space.ToCoordinate(technique, value) * ways), 0, ways - 1);
}

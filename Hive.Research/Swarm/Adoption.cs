using System.Collections.Immutable;
using Hive.Research;

namespace Hive.Swarm;

/// <summary>
/// How a way of doing things spread. It was discovered by the experiment that became the best with it, when every best from then on kept it; it is not the baseline's way.
/// An agent has adopted it when the best of its own experiments since the discovery uses it. Numbers of which only ratios or differences matter are not counted: no two are the same.
/// </summary>
/// <param name="Technique">The technique and its value, such as <c>init=kaiming</c>.</param>
/// <param name="DiscoveredBy">The agent that discovered it.</param>
/// <param name="At">The experiment with which it did.</param>
/// <param name="Adopted">For each agent that adopted it, the first of its experiments since the discovery that used it; in order.</param>
public sealed record Adoption(string Technique, int DiscoveredBy, int At, ImmutableArray<int> Adopted)
{
    /// <summary>The adoptions of a campaign that has ended, in the order of their discoveries.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="space">Its techniques.</param>
    public static ImmutableArray<Adoption> Of(Campaign campaign, TechniqueSpace space)
    {
        if (campaign.Best is not { } best || campaign.Experiments.Count == 0) return [];
        var baseline = campaign.Experiments[0].Configuration;
        var bests = campaign.Bests;
        var adoptions = ImmutableArray.CreateBuilder<Adoption>();
        for (var i = 0; i < space.Techniques.Length; i++)
        {
            var value = best.Configuration[i];
            if (space.Techniques[i] is not (CategoricalTechnique or IntegerTechnique) || value == baseline[i]) continue;
            var first = bests.Count - 1;
            while (first > 0 && bests[first - 1].Configuration[i] == value) first--;
            var discovery = bests[first];
            adoptions.Add(new Adoption($"{space.Techniques[i].Name}={space.Text(i, value)}", discovery.Agent, discovery.Number, Adopters(campaign, discovery, i, value)));
        }

        return [.. adoptions.OrderBy(adoption => adoption.At).ThenBy(adoption => adoption.Technique, StringComparer.Ordinal)];
    }

    private static ImmutableArray<int> Adopters(Campaign campaign, Experiment discovery, int technique, double value)
    {
        var adopted = new List<int>();
        foreach (var own in campaign.Experiments.Where(experiment => experiment.Number > discovery.Number && experiment.Agent != discovery.Agent).GroupBy(experiment => experiment.Agent))
        {
            var best = own.Where(experiment => double.IsFinite(experiment.Value) && !experiment.IsSimulatedLie).Aggregate((Experiment?)null, (best, next) => best is null || campaign.IsBetter(next.Value, best.Value) ? next : best);
            if (best is not null && best.Configuration[technique] == value) adopted.Add(own.First(experiment => experiment.Configuration[technique] == value).Number);
        }

        return [.. adopted.Order()];
    }
}

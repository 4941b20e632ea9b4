using System.Globalization;
using Hive.Research;
using Hive.Swarm;

namespace Hive.Silo.Research;

/// <summary>A campaign that has ended, as its log told it, and in the words of a report.</summary>
internal sealed class CampaignOutcome(string id, CampaignReplay replay, IReadOnlyDictionary<TaskId, DateTimeOffset> times)
{
    public string Id => id;

    public CampaignRequest Request => replay.Request!;

    public Campaign Campaign => replay.Campaign;

    public IResearchDomain Domain => replay.Domain;

    public double Seconds => replay.Seconds;

    /// <summary>When a run's result was recorded.</summary>
    public DateTimeOffset TimeOf(TaskId task) => times[task];

    /// <summary>When the last result was recorded.</summary>
    public DateTimeOffset EndedAt => times.Values.Max();

    public static string NameOf(int agent) => string.Create(CultureInfo.InvariantCulture, $"agent-{agent + 1}");

    public static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>In what a configuration differs from another: <c>init=kaiming, rate=0.003</c>; <c>baseline</c> where in nothing.</summary>
    public static string Changes(TechniqueSpace space, Configuration configuration, Configuration from)
    {
        var changes = Enumerable.Range(0, space.Techniques.Length)
            .Where(i => configuration[i] != from[i])
            .Select(i => $"{space.Techniques[i].Name}={Text(space, i, configuration[i])}");
        return string.Join(", ", changes) is { Length: > 0 } text ? text : "baseline";
    }

    /// <summary>A technique's value for people: numbers to four digits.</summary>
    public static string Text(TechniqueSpace space, int technique, double value) =>
        space.Techniques[technique] is CategoricalTechnique ? space.Text(technique, value) : value.ToString("G4", CultureInfo.InvariantCulture);

    public string TechniqueOf(Experiment experiment) => Changes(Domain.Space, experiment.Configuration, Domain.Baseline);
}

using System.Globalization;
using System.Text.Json;
using Hive.Research;
using Hive.Swarm;

namespace Hive.Silo.Research;

/// <summary>A campaign's log in the words of a person who watches: what is worth a line, and what a picture shows.</summary>
internal sealed class ResearchStory
{
    private const int Every = 25;

    private readonly Dictionary<int, (double Value, string Technique)> _bests = [];
    private CampaignRequest? _request;
    private int _direction;

    public int Experiments { get; private set; }

    public int Checks { get; private set; }

    public int Failures { get; private set; }

    public int Wanted => _request?.Spec.Experiments ?? 0;

    public string Domain => _request?.Domain.Name ?? "";

    /// <summary>The best so far, as told: nobody has judged it yet.</summary>
    public double? Best { get; private set; }

    /// <summary>How often each value of a technique was tried of late, the most frequent first.</summary>
    public Queue<string[]> Latest { get; } = new();

    /// <summary>Which way is better, once that is known.</summary>
    public void Know(Direction direction) => _direction = direction == Direction.Maximize ? 1 : -1;

    /// <summary>The agents' bests, the best first.</summary>
    public IEnumerable<(int Agent, double Value, string Technique)> Leaders => _bests.OrderByDescending(pair => _direction * pair.Value.Value).Select(pair => (pair.Key, pair.Value.Value, pair.Value.Technique));

    /// <summary>Takes an entry in.</summary>
    /// <returns>A line, where the entry is worth one.</returns>
    public string? Tell(CampaignEntry entry)
    {
        switch (entry.Kind)
        {
            case ResearchLog.Accepted:
                _request = ResearchLog.ReadAccepted(entry.Json).Request;
                return string.Create(CultureInfo.InvariantCulture, $"research on {Domain}: {_request.Spec.Agents} agents, {Wanted} experiments");
            case ResearchLog.Result:
                using (var document = JsonDocument.Parse(entry.Json)) return Tell(document.RootElement);
            default:
                return null;
        }
    }

    private string? Tell(JsonElement result)
    {
        var task = TaskId.Parse(result.GetProperty("task").GetString()!);
        if (!task.IsExperiment)
        {
            Checks++;
            return null;
        }

        Experiments++;
        var techniques = result.GetProperty("configuration").EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.String).Select(member => $"{member.Name}={member.Value}").ToArray();
        Latest.Enqueue(techniques);
        if (Latest.Count > _request!.Spec.Agents) Latest.Dequeue();
        if (!result.TryGetProperty("value", out var told))
        {
            Failures++;
            return null;
        }

        var (agent, value) = (task.Experiment % _request.Spec.Agents, told.GetDouble());
        if (!_bests.TryGetValue(agent, out var own) || _direction * value > _direction * own.Value) _bests[agent] = (value, string.Join(' ', techniques));
        if (Best is { } best && _direction * value <= _direction * best) return Experiments % Every == 0 ? Progress() : null;
        Best = value;
        return string.Create(CultureInfo.InvariantCulture, $"{Experiments,5} of {Wanted}  {CampaignOutcome.NameOf(agent)} finds {CampaignOutcome.Number(value)}");
    }

    private string Progress() => string.Create(CultureInfo.InvariantCulture, $"{Experiments,5} of {Wanted}  {Checks} checks, {Failures} failures");
}

using Microsoft.Extensions.AI;

namespace Hive.Brains.Scripted;

/// <summary>The models of a script as the brains of a silo, in this process. They are no models, and cost nothing but what the script says.</summary>
public sealed class ScriptedBrains : IBrains
{
    private readonly Dictionary<string, ScriptedBrain> _brains;

    /// <summary>The brains of a script.</summary>
    /// <param name="script">What they say.</param>
    /// <param name="time">What their latency is counted by.</param>
    public ScriptedBrains(BrainScript script, TimeProvider time)
    {
        var mind = new ScriptedMind(script);
        All = [.. script.Models.Select(SpecOf)];
        _brains = script.Models.ToDictionary(model => model.Name, model => new ScriptedBrain(mind, model, time));
    }

    /// <inheritdoc/>
    public IReadOnlyList<BrainSpec> All { get; }

    /// <inheritdoc/>
    public IChatClient Open(string name) =>
        _brains.TryGetValue(name, out var brain) ? brain : throw new KeyNotFoundException($"There is no scripted brain '{name}'; there are {string.Join(", ", _brains.Keys)}.");

    private static BrainSpec SpecOf(ScriptedModel model) => new()
    {
        Name = model.Name,
        Model = model.Name,
        Tier = model.Tier,
        MaxConcurrency = model.MaxConcurrency,
        ContextTokens = model.ContextTokens,
        PricePerMillionIn = model.PricePerMillionIn,
        PricePerMillionOut = model.PricePerMillionOut,
    };
}

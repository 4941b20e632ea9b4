using System.Collections.Immutable;
using Hive.Brains.Scripted;
using Hive.Silos;

namespace Hive.Silo.Bench;

/// <summary>What the simulation of cognition is told.</summary>
/// <param name="Accuracies">How often the brains of edge, worker and core are right.</param>
/// <param name="Latencies">How long they take, in milliseconds.</param>
/// <param name="Critic">How often a critic accepts what is right and what is wrong.</param>
/// <param name="Tasks">How many tasks there are.</param>
/// <param name="Width">How many attempts each gets at once.</param>
/// <param name="Concurrency">How many calls each brain takes at once.</param>
/// <param name="Seeds">How many simulations are made, each with a seed of its own.</param>
internal sealed record CognitionSettings(
    ImmutableArray<double> Accuracies, ImmutableArray<int> Latencies, CriticRates Critic, int Tasks, int Width, int Concurrency, int Seeds)
{
    /// <summary>How sure critics must be together.</summary>
    public double Confidence { get; init; } = 0.99;

    /// <summary>The name of the scripted model of a tier.</summary>
    public static string ModelOf(string tier) => $"scripted-{tier}";

    /// <summary>The script of one simulation.</summary>
    public BrainScript Script(long seed) => new()
    {
        Seed = seed,
        Models = [.. Tiers.All.Select((tier, i) => new ScriptedModel
        {
            Name = ModelOf(tier),
            Tier = tier,
            Accuracy = Accuracies[i],
            LatencyMs = Latencies[i],
            Critic = Critic,
            MaxConcurrency = Concurrency,
        })],
    };
}

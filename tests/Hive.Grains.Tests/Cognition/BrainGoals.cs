using System.Text.Json.Nodes;
using Hive.Brains.Scripted;

namespace Hive.Grains.Tests.Cognition;

/// <summary>Goals for brains, as JSON.</summary>
internal static class BrainGoals
{
    public const long Seed = 5;

    /// <summary>A goal with simulated tasks, each of which scripted brains know the answer to; judged by critics, and nobody is asked.</summary>
    public static JsonObject OfTasks(int tasks, long tokens = 1_000_000, int width = 3) => new()
    {
        ["objective"] = string.Join(' ', Enumerable.Range(1, tasks).Select(n => SimulatedTask.Token(Seed, n))) + " Give the answers to these tasks.",
        ["check"] = new JsonObject { ["critics"] = new JsonObject() },
        ["budget"] = new JsonObject { ["tokens"] = tokens },
        ["width"] = width,
        ["answerTokens"] = 256,
        ["stakes"] = "low",
        ["agents"] = 32,
    };

    /// <summary>A goal of one task, which is the objective itself.</summary>
    public static JsonObject OfOne(string objective, int width = 1)
    {
        var goal = OfTasks(0, width: width);
        goal["objective"] = objective;
        goal["tasks"] = new JsonArray(objective);
        return goal;
    }

    public static string Right(int n) => SimulatedTask.Right(Seed, n);
}

using Hive.Brains.Scripted;

namespace Hive.Silo.Tests.Commands;

/// <summary>Goals for brains, and scripted brains that answer them.</summary>
internal static class BrainGoals
{
    /// <summary>One task and one attempt, which critics judge.</summary>
    public const string Judged = """
        { "objective": "What is 17 × 24? Answer with the number alone.",
          "check": { "critics": {} }, "tasks": ["What is 17 × 24? Answer with the number alone."],
          "width": 1, "answerTokens": 64, "budget": { "seconds": 120 } }
        """;

    /// <summary>Its budget pays for the attempt and not for the critic.</summary>
    public static string Short => Judged.Replace("\"seconds\": 120", "\"seconds\": 120, \"calls\": { \"edge\": 0, \"worker\": 1, \"core\": 0 }", StringComparison.Ordinal);

    /// <summary>A person has the last word.</summary>
    public static string Weighty => Judged.Replace("\"width\": 1", "\"stakes\": \"high\", \"width\": 1", StringComparison.Ordinal);

    /// <summary>Serves brains of tier worker that are always right.</summary>
    public static Task<ScriptedBrainServer> ServeAsync() => ScriptedBrainServer.StartAsync(
        new BrainScript { Models = [new ScriptedModel { Name = "right", Tier = "worker" }] }, new ScriptedServerOptions(), TestContext.Current.CancellationToken);

    /// <summary>A <c>hive.json</c> with the server's brain alone.</summary>
    public static string FileOf(ScriptedBrainServer server) =>
        $$"""{ "discover": false, "brains": [ { "name": "right", "model": "right", "endpoint": "{{server.Endpoint}}", "tier": "worker", "maxConcurrency": 8 } ] }""";
}

namespace Hive.Silo.Tests.Commands;

/// <summary>Goal files for the tests.</summary>
internal static class Goals
{
    /// <summary>Done in some hundred evaluations.</summary>
    public const string Small = """
        { "objective": "Find the lowest point",
          "check": { "metric": { "name": "loss", "direction": "minimize", "target": 0.01, "evaluator": { "builtin": "sphere" } } },
          "space": { "x": { "vector": { "length": 3, "of": { "real": [-5, 5] } } } },
          "budget": { "evaluations": 100000 }, "agents": 4, "seed": 7 }
        """;

    /// <summary>Uses its whole budget: many rounds, no target.</summary>
    public const string Long = """
        { "objective": "Find the lowest point, mixed",
          "check": { "metric": { "name": "loss", "direction": "minimize", "evaluator": { "builtin": "rastrigin" } } },
          "space": { "x": { "vector": { "length": 12, "of": { "real": [-5, 5] } } }, "n": { "integer": [-9, 9] } },
          "budget": { "evaluations": 1500000 }, "agents": 8, "seed": 3 }
        """;

    /// <summary>Cannot be reached.</summary>
    public const string Unreachable = """
        { "objective": "Go below the lowest point",
          "check": { "metric": { "name": "loss", "direction": "minimize", "target": -1, "evaluator": { "builtin": "sphere" } } },
          "space": { "x": { "real": [-5, 5] } },
          "budget": { "evaluations": 2000 }, "agents": 2 }
        """;
}

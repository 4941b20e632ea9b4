namespace Hive.Cognition.Critics;

/// <summary>The form of a verdict as a critic is told it: JSON Schema.</summary>
public static class VerdictSchema
{
    /// <summary>What servers call the form.</summary>
    public const string Name = "verdict";

    /// <summary>The schema.</summary>
    public static string Json { get; } =
        """
        {
          "type": "object",
          "properties": {
            "evidence": { "type": "string", "description": "what you checked and what you found" },
            "faults": { "type": "array", "items": { "type": "string" }, "description": "what is wrong, one fault each, the gravest first; empty where nothing is" },
            "score": { "type": "number", "minimum": 0, "maximum": 1, "description": "1: does all that was asked; 0: does none of it" }
          },
          "required": ["evidence", "faults", "score"],
          "additionalProperties": false
        }
        """;
}

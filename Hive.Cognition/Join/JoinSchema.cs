namespace Hive.Cognition.Join;

/// <summary>The form of a join as an integrator is told it: JSON Schema.</summary>
public static class JoinSchema
{
    /// <summary>What servers call the form.</summary>
    public const string Name = "join";

    /// <summary>The schema.</summary>
    public static string Json { get; } =
        """
        {
          "type": "object",
          "properties": {
            "sources": {
              "type": "array",
              "description": "every candidate exactly once",
              "items": {
                "type": "object",
                "properties": {
                  "candidate": { "type": "string", "description": "the candidate's id" },
                  "use": { "type": "string", "enum": ["used", "discarded"] },
                  "rank": { "type": "integer", "minimum": 1, "description": "1 for the best" },
                  "reason": { "type": "string", "description": "why it was used or discarded" }
                },
                "required": ["candidate", "use", "rank", "reason"],
                "additionalProperties": false
              }
            },
            "contradictions": {
              "type": "array",
              "description": "where candidates contradict one another; empty where they do not",
              "items": {
                "type": "object",
                "properties": {
                  "candidates": { "type": "array", "items": { "type": "string" }, "description": "the ids of two or more" },
                  "about": { "type": "string" },
                  "resolution": { "type": "string", "description": "what the outcome says" },
                  "reason": { "type": "string", "description": "why that is right" }
                },
                "required": ["candidates", "about", "resolution", "reason"],
                "additionalProperties": false
              }
            },
            "outcome": { "type": "string", "description": "the joined answer, complete in itself" }
          },
          "required": ["sources", "contradictions", "outcome"],
          "additionalProperties": false
        }
        """;
}

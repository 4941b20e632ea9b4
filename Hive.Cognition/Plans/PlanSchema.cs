namespace Hive.Cognition.Plans;

/// <summary>The form of a plan as an architect is told it: JSON Schema, in the subset that servers of structured answers take (every member required, absence is null).</summary>
public static class PlanSchema
{
    /// <summary>What servers call the form.</summary>
    public const string Name = "plan";

    /// <summary>The schema.</summary>
    public static string Json { get; } =
        """
        {
          "type": "object",
          "properties": {
            "tasks": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "id": { "type": "string", "description": "short and unique: letters, digits, '-' and '_'" },
                  "instruction": { "type": "string", "description": "what to do, complete in itself" },
                  "context": { "type": "string", "description": "all else that whoever does it needs to know; may be empty" },
                  "tier": { "type": ["string", "null"], "description": "the cheapest tier that can do it; null: the cheapest there is" },
                  "width": { "type": ["integer", "null"], "description": "how many independent attempts" },
                  "check": { "type": "string", "enum": ["critics", "votes", "none"], "description": "votes: short answers that can be compared; critics: everything else" }
                },
                "required": ["id", "instruction", "context", "tier", "width", "check"],
                "additionalProperties": false
              }
            }
          },
          "required": ["tasks"],
          "additionalProperties": false
        }
        """;
}

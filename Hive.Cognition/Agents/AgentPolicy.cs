using System.Collections.Immutable;
using Hive.Tools;

namespace Hive.Cognition.Agents;

/// <summary>The temperatures that an agent may be asked at.</summary>
/// <param name="Low">The lowest, at least 0.</param>
/// <param name="High">The highest, at most 2.</param>
public readonly record struct TemperatureRange(double Low, double High);

/// <summary>What agents may do and see at their tasks.</summary>
public sealed record AgentPolicy
{
    private const int MostTools = 64;

    /// <summary>The tools they may use, by name: <c>server.tool</c>, or <c>server.*</c> for all of a server. None unless listed.</summary>
    public ImmutableArray<string> Tools { get; init; } = [];

    /// <summary>The temperatures that their attempts are spread over.</summary>
    public TemperatureRange TemperatureRange { get; init; } = new(0.2, 1.0);

    /// <summary>What is at stake: <c>low</c>, <c>normal</c> or <c>high</c>. What is <c>high</c> requires critics, and a person's approval of side effects.</summary>
    public string Stakes { get; init; } = "normal";

    /// <summary>How many lessons of its agent a task may see, 0 to 32.</summary>
    public int MaxLessons { get; init; } = 8;

    /// <summary>How many characters of context a task may see, 0 to 1,000,000.</summary>
    public int MaxContext { get; init; } = 32_000;

    /// <summary>Whether a task may see the goal's objective beside its own instruction. Where not, whoever lends a silo learns no more than the tasks it gets.</summary>
    public bool SeesObjective { get; init; } = true;

    /// <summary>Whether a tool may be used. Whether it runs at once or only after approval is another question.</summary>
    /// <param name="tool">The tool's name.</param>
    public bool Allows(string tool) => ToolPolicy.IsAllowed(tool, Tools);

    /// <summary>Checks the policy.</summary>
    /// <exception cref="ArgumentException">One of its members is out of range; the message says which, and what it may be.</exception>
    public void Validate()
    {
        if (Tools.IsDefault || Tools.Length > MostTools) throw new ArgumentException($"tools must be a list of at most {MostTools} names.");
        if (Tools.FirstOrDefault(tool => !ToolNames.IsPattern(tool)) is { } wrong) throw new ArgumentException($"tools names '{wrong}'; it may be 'server.tool' or 'server.*'.");
        if (!(TemperatureRange is { Low: >= 0, High: <= 2 } range && range.Low <= range.High))
        {
            throw new ArgumentException($"temperatureRange is {TemperatureRange.Low} to {TemperatureRange.High}; it must lie within 0 and 2, the lower end first.");
        }

        if (Stakes is not ("low" or "normal" or "high")) throw new ArgumentException($"stakes is '{Stakes}'; it may be low, normal or high.");
        if (MaxLessons is < 0 or > LessonBook.MostLessons) throw new ArgumentException($"maxLessons is {MaxLessons}; it may be 0 to {LessonBook.MostLessons}.");
        if (MaxContext is < 0 or > 1_000_000) throw new ArgumentException($"maxContext is {MaxContext}; it may be 0 to 1,000,000.");
    }
}

using System.Collections.Immutable;
using Hive.Goals;

namespace Hive.Tools;

/// <summary>
/// Decides over tools that brains ask for. Two promises, whatever a brain, a tool or its server says: what the goal does not allow never runs, and what has side
/// effects never runs without approval.
/// </summary>
public static class ToolPolicy
{
    private const int ShownNames = 5;

    private const int ShownLength = 80;

    /// <summary>Decides over a tool by its name and its arguments.</summary>
    /// <param name="name">The name, as the brain wrote it.</param>
    /// <param name="arguments">The arguments, as the brain wrote them.</param>
    /// <param name="tools">The tools that are here.</param>
    /// <param name="allowedByGoal">The tools that the goal allows: <c>server.tool</c> or <c>server.*</c>.</param>
    public static ToolDecision Decide(string name, string arguments, ImmutableArray<ToolSpec> tools, ImmutableArray<string> allowedByGoal)
    {
        var decision = tools.FirstOrDefault(tool => tool.Name == name) is { } known
            ? Decide(known, allowedByGoal)
            : new ToolDecision.Refuse($"there is no tool '{Shorten(name)}'{Others(name, tools, allowedByGoal)}");
        return decision is ToolDecision.Refuse || ToolArguments.Mistake(arguments) is not { } mistake ? decision : new ToolDecision.Refuse(mistake);
    }

    /// <summary>Decides over a tool whose arguments are in order.</summary>
    /// <param name="tool">The tool; absent where none of that name is here.</param>
    /// <param name="allowedByGoal">The tools that the goal allows: <c>server.tool</c> or <c>server.*</c>.</param>
    public static ToolDecision Decide(ToolSpec? tool, ImmutableArray<string> allowedByGoal) => tool switch
    {
        null => new ToolDecision.Refuse("there is no such tool"),
        _ when !IsAllowed(tool.Name, allowedByGoal) => new ToolDecision.Refuse($"the goal does not allow '{Shorten(tool.Name)}'{Allowed(allowedByGoal)}"),
        { HasSideEffects: true } => new ToolDecision.Request(tool.IsApprovedByPolicy),
        _ => new ToolDecision.RunNow(),
    };

    /// <summary>Whether a goal allows a tool.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="allowedByGoal">The tools that the goal allows; none where it says nothing.</param>
    public static bool IsAllowed(string name, ImmutableArray<string> allowedByGoal) =>
        !allowedByGoal.IsDefaultOrEmpty && allowedByGoal.Any(pattern => ToolNames.Matches(pattern, name));

    private static string Allowed(ImmutableArray<string> patterns) =>
        patterns.IsDefaultOrEmpty ? "; it allows no tools" : $"; it allows {List(patterns)}";

    /// <summary>The allowed tools that were probably meant, or else some that there are. What is not allowed is not betrayed.</summary>
    private static string Others(string name, ImmutableArray<ToolSpec> tools, ImmutableArray<string> allowedByGoal)
    {
        var allowed = tools.Select(tool => tool.Name).Where(known => IsAllowed(known, allowedByGoal)).ToImmutableArray();
        var near = allowed.Where(known => IsNear(name, known)).ToImmutableArray();
        return allowed.IsEmpty ? "; the goal allows none that is here" : near.IsEmpty ? $"; there are {List(allowed)}" : $"; did you mean {List(near)}?";
    }

    /// <summary>Whether a tool was probably meant: misspelled, without its server, or of another server.</summary>
    private static bool IsNear(string name, string known) =>
        Nearness.IsMisspelling(name, known) || OwnName(name) == OwnName(known) || Nearness.IsMisspelling(OwnName(name), OwnName(known));

    private static string OwnName(string name) => name[(name.IndexOf('.') + 1)..];

    private static string List(ImmutableArray<string> names) =>
        string.Join(", ", names.Take(ShownNames).Select(name => $"'{Shorten(name)}'")) + (names.Length > ShownNames ? ", …" : "");

    /// <summary>A name from outside, fit for one line.</summary>
    private static string Shorten(string name) =>
        string.Concat(name.Take(ShownLength).Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character)) + (name.Length > ShownLength ? "…" : "");
}

using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Hive.Brains.Scripted;

/// <summary>What is replied to prompts of one kind. Either <see cref="Replies"/>, or <see cref="Right"/> and <see cref="Wrong"/>, or nothing but a tool call.</summary>
public sealed record ScriptedRule
{
    /// <summary>When the rule applies.</summary>
    public RuleCondition When { get; init; } = new();

    /// <summary>Replies in the order of calls; the last one repeats. At most 1,000.</summary>
    public ImmutableArray<string> Replies { get; init; } = [];

    /// <summary>Whether the replies begin anew after the last one.</summary>
    public bool Cycle { get; init; }

    /// <summary>What a right answer says.</summary>
    public string? Right { get; init; }

    /// <summary>What wrong answers say; one of them is drawn.</summary>
    public ImmutableArray<string> Wrong { get; init; } = [];

    /// <summary>The tool to ask for first; the reply comes once its result is in the conversation.</summary>
    public ScriptedToolCall? ToolCall { get; init; }
}

/// <summary>A request for a tool.</summary>
/// <param name="Name">The tool's name.</param>
/// <param name="Arguments">Its arguments: a JSON object as text.</param>
public sealed record ScriptedToolCall(string Name, string Arguments);

/// <summary>When a rule applies: if all that is given holds.</summary>
public sealed record RuleCondition
{
    /// <summary>How long a pattern may search.</summary>
    internal static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>The name of the JSON schema that the request asks for, like <c>plan</c>, <c>verdict</c>, <c>join</c>; <c>text</c> is a request that asks for none.</summary>
    public string? Role { get; init; }

    /// <summary>Text that some message contains.</summary>
    public string? Contains { get; init; }

    /// <summary>A regular expression that the messages match; a search that takes longer than 100 ms is no match.</summary>
    public Regex? Pattern { get; init; }

    /// <summary>The model that is asked.</summary>
    public string? Model { get; init; }

    /// <summary>Whether it applies.</summary>
    /// <param name="model">The model that is asked.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="match">What the pattern found.</param>
    internal bool Applies(string model, ScriptedRequest request, out Match? match)
    {
        match = null;
        if ((Role is not null && Role != request.Role)
            || (Model is not null && Model != model)
            || (Contains is not null && !request.Everything.Contains(Contains, StringComparison.Ordinal)))
        {
            return false;
        }

        if (Pattern is null)
        {
            return true;
        }

        try
        {
            match = Pattern.Match(request.Everything);
            return match.Success;
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}

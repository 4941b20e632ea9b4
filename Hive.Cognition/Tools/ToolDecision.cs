namespace Hive.Tools;

/// <summary>What is to be done with a tool that a brain asks for.</summary>
public abstract record ToolDecision
{
    private ToolDecision()
    {
    }

    /// <summary>Run it at once: the goal allows it, and it only reads.</summary>
    public sealed record RunNow : ToolDecision;

    /// <summary>Record the request, and run it only once it is approved: the goal allows it, and it has side effects.</summary>
    /// <param name="IsApproved">Whether the owner's policy approves of it already; otherwise a person has to.</param>
    public sealed record Request(bool IsApproved) : ToolDecision;

    /// <summary>Do not run it.</summary>
    /// <param name="Reason">Why, and what could be asked for instead; one line, fit to be told to the brain.</param>
    public sealed record Refuse(string Reason) : ToolDecision;
}

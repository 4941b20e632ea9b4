using System.Collections.Immutable;
using Hive.Brains;

namespace Hive.Cognition;

/// <summary>Something that a goal asks of a brain, whichever one that will be.</summary>
/// <param name="Id">The call's id within the goal; one id, one answer, however often the goal's program runs.</param>
/// <param name="Tier">The tier to ask.</param>
/// <param name="Role">What the agent is for, such as <c>attempt</c> or <c>critic</c>.</param>
/// <param name="Messages">What is said.</param>
internal sealed record Question(string Id, string Tier, string Role, ImmutableArray<BrainMessage> Messages)
{
    public required int MaxTokens { get; init; }

    public double Temperature { get; init; }

    public long? Seed { get; init; }

    public string? SchemaName { get; init; }

    public string? Schema { get; init; }

    public ImmutableArray<ToolOffer> Tools { get; init; } = [];

    public bool WithLessons { get; init; }

    /// <summary>Models to be asked only where no other is free.</summary>
    public ImmutableArray<string> Avoid { get; init; } = [];
}

/// <summary>A brain's answer to a question.</summary>
/// <param name="Reply">The answer.</param>
/// <param name="Agent">The agent that asked the brain.</param>
/// <param name="Model">The model that answered.</param>
internal sealed record Answer(BrainReply Reply, string Agent, string Model);

/// <summary>The budget does not allow what is to be done next, and will not when what is under way is over.</summary>
internal sealed class BudgetExhaustedException(string lacking) : Exception(lacking);

/// <summary>No brain answered a question, however often it was asked.</summary>
internal sealed class NoAnswerException(string failure) : Exception(failure);

using System.Collections.Immutable;
using System.Text.Json;
using Hive.Goals;

namespace Hive.Brains;

/// <summary>A brain that a silo offers.</summary>
/// <param name="Name">Its name, unique on its silo.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Tier">Its tier.</param>
/// <param name="MaxConcurrency">How many calls it takes at once, at least 1.</param>
/// <param name="ContextTokens">How many tokens a call may have, asked and answered together.</param>
/// <param name="PricePerMillionIn">What a million tokens asked cost.</param>
/// <param name="PricePerMillionOut">What a million tokens answered cost.</param>
[GenerateSerializer, Immutable, Alias("hive.brain-offer")]
public sealed record BrainOffer(
    [property: Id(0)] string Name,
    [property: Id(1)] string Model,
    [property: Id(2)] string Tier,
    [property: Id(3)] int MaxConcurrency,
    [property: Id(4)] int ContextTokens,
    [property: Id(5)] decimal PricePerMillionIn,
    [property: Id(6)] decimal PricePerMillionOut);

/// <summary>Who says a message to a brain.</summary>
public enum Speaker
{
    /// <summary>Hive: what the brain is to do and to heed.</summary>
    System,

    /// <summary>The task.</summary>
    User,

    /// <summary>The brain itself, earlier.</summary>
    Assistant,

    /// <summary>A tool that the brain asked for.</summary>
    Tool,
}

/// <summary>One message to a brain.</summary>
/// <param name="Speaker">Who says it.</param>
/// <param name="Text">What is said.</param>
[GenerateSerializer, Immutable, Alias("hive.brain-message")]
public sealed record BrainMessage([property: Id(0)] Speaker Speaker, [property: Id(1)] string Text)
{
    /// <summary>The tools that the brain asked for in this message.</summary>
    [Id(2)]
    public ImmutableArray<ToolRequest> Requests { get; init; } = [];

    /// <summary>The request that a tool's message answers; absent for other speakers.</summary>
    [Id(3)]
    public string? RequestId { get; init; }
}

/// <summary>A brain asks for a tool.</summary>
/// <param name="Id">The request's id, the brain's own.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Arguments">Its arguments, as the brain wrote them: one JSON object where it is no mistake.</param>
[GenerateSerializer, Immutable, Alias("hive.tool-request")]
public sealed record ToolRequest([property: Id(0)] string Id, [property: Id(1)] string Tool, [property: Id(2)] string Arguments);

/// <summary>A tool as a brain is told of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="InputSchema">The JSON Schema of its arguments.</param>
[GenerateSerializer, Immutable, Alias("hive.tool-offer")]
public sealed record ToolOffer([property: Id(0)] string Name, [property: Id(1)] string Description, [property: Id(2)] string InputSchema);

/// <summary>One call to one brain.</summary>
/// <param name="Id">The call's id, unique in its hive: servers that know idempotency keys are given it.</param>
/// <param name="Brain">The brain's name on its silo.</param>
/// <param name="Messages">What is said to it.</param>
/// <param name="Temperature">How freely it chooses, 0 to 2.</param>
/// <param name="MaxTokens">How many tokens it may answer.</param>
[GenerateSerializer, Immutable, Alias("hive.brain-call")]
public sealed record BrainCall(
    [property: Id(0)] string Id,
    [property: Id(1)] string Brain,
    [property: Id(2)] ImmutableArray<BrainMessage> Messages,
    [property: Id(3)] double Temperature,
    [property: Id(4)] int MaxTokens)
{
    /// <summary>Where the brain's random choices start from, where it heeds that.</summary>
    [Id(5)]
    public long? Seed { get; init; }

    /// <summary>The name of the JSON Schema that the answer must follow; absent: any text.</summary>
    [Id(6)]
    public string? SchemaName { get; init; }

    /// <summary>That schema.</summary>
    [Id(7)]
    public string? Schema { get; init; }

    /// <summary>The tools that it may ask for.</summary>
    [Id(8)]
    public ImmutableArray<ToolOffer> Tools { get; init; } = [];

    /// <summary>Whether the agent adds what it has learnt, at most <see cref="MaxLessons"/> characters.</summary>
    [Id(9)]
    public bool WithLessons { get; init; }

    /// <summary>How many characters of lessons an agent adds at most.</summary>
    public const int MaxLessons = 2_000;
}

/// <summary>What a brain answered, or why it did not.</summary>
[GenerateSerializer, Immutable, Alias("hive.brain-reply")]
public sealed record BrainReply
{
    /// <summary>Its words.</summary>
    [Id(0)]
    public string Text { get; init; } = "";

    /// <summary>The tools that it asks for.</summary>
    [Id(1)]
    public ImmutableArray<ToolRequest> Requests { get; init; } = [];

    /// <summary>The tokens asked, as its server says; absent where it does not.</summary>
    [Id(2)]
    public long? TokensIn { get; init; }

    /// <summary>The tokens answered, as its server says.</summary>
    [Id(3)]
    public long? TokensOut { get; init; }

    /// <summary>Whether it had to stop because <see cref="BrainCall.MaxTokens"/> were used.</summary>
    [Id(4)]
    public bool IsCut { get; init; }

    /// <summary>Why there is no answer; absent where there is one.</summary>
    [Id(5)]
    public string? Failure { get; init; }

    /// <summary>Whether a call that failed may have been worked on, so that it counts as paid for in full.</summary>
    [Id(6)]
    public bool MayHaveBeenPaid { get; init; }

    /// <summary>Whether the same call would fail again the same way.</summary>
    [Id(7)]
    public bool IsRefused { get; init; }

    /// <summary>How long the brain was at work, in seconds, the wait for a place not counted.</summary>
    [Id(8)]
    public double Seconds { get; init; }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The JSON object.</param>
    /// <exception cref="FormatException">It is no reply.</exception>
    public static BrainReply FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, GoalJsonContext.Default.BrainReply) ?? throw new FormatException("null is no reply of a brain");
        }
        catch (JsonException e)
        {
            throw new FormatException($"this is no reply of a brain: {e.Message}", e);
        }
    }

    /// <summary>The reply as one JSON object.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, GoalJsonContext.Default.BrainReply);
}

using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hive.Goals;

/// <summary>A goal as it stands: what <c>hive run --json</c> and <c>hive goal show --json</c> print.</summary>
[GenerateSerializer, Immutable, Alias("hive.goal-status")]
public sealed record GoalStatus
{
    /// <summary>The goal's id.</summary>
    [Id(0)]
    public string Id { get; init; } = "";

    /// <summary>Where it is in its life.</summary>
    [Id(1)]
    public GoalState State { get; init; }

    /// <summary>Why it is there, where that is not the usual way.</summary>
    [Id(2)]
    public string? Reason { get; init; }

    /// <summary>What is wanted.</summary>
    [Id(3)]
    public string Objective { get; init; } = "";

    /// <summary>The metric and the best feasible value so far.</summary>
    [Id(4)]
    public MetricStatus? Metric { get; init; }

    /// <summary>The best feasible candidate so far as JSON; the verified winner once the goal has ended.</summary>
    [Id(5)]
    [JsonConverter(typeof(RawJsonConverter))]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Candidate { get; init; } = "null";

    /// <summary>Whether a fresh evaluator confirmed the candidate.</summary>
    [Id(6)]
    public bool Verified { get; init; }

    /// <summary>How many points were measured for the goal.</summary>
    [Id(7)]
    public long Evaluations { get; init; }

    /// <summary>How its attempts went.</summary>
    [Id(8)]
    public AttemptCounts Attempts { get; init; } = new(0, 0);

    /// <summary>How many rounds were joined.</summary>
    [Id(9)]
    public int Rounds { get; init; }

    /// <summary>How long it has been at work, in seconds, times when it lay still not counted.</summary>
    [Id(10)]
    public double Seconds { get; init; }

    /// <summary>What each strategy brought.</summary>
    [Id(11)]
    public ImmutableArray<StrategyStatus> Strategies { get; init; } = [];

    /// <summary>Winners that did not repeat and were discarded.</summary>
    [Id(12)]
    public int Discarded { get; init; }

    /// <summary>What is missing to what was asked for; empty where nothing is.</summary>
    [Id(13)]
    public ImmutableArray<string> Missing { get; init; } = [];

    /// <summary>Files written for people to look at: paths.</summary>
    [Id(14)]
    public ImmutableArray<string> Artifacts { get; init; } = [];

    /// <summary>Whether it is being worked on right now, by the hub that was asked.</summary>
    [Id(15)]
    public bool IsAtWork { get; init; }

    /// <summary>What stopped the work short of an end, such as a full disk; absent where nothing did. Mended, the goal can be resumed.</summary>
    [Id(16)]
    public string? Trouble { get; init; }

    /// <summary>What it waits for that is not here, such as a silo of a tier; absent where it waits for nothing.</summary>
    [Id(17)]
    public string? Waiting { get; init; }

    /// <summary>What a goal for brains has come to; absent for a goal that is judged by a metric.</summary>
    [Id(18)]
    public CognitionStatus? Cognition { get; init; }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The JSON object.</param>
    /// <exception cref="FormatException">It is no status.</exception>
    public static GoalStatus FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, GoalJsonContext.Default.GoalStatus) ?? throw new FormatException("null is no status of a goal");
        }
        catch (JsonException e)
        {
            throw new FormatException($"this is no status of a goal: {e.Message}", e);
        }
    }

    /// <summary>The status as one JSON object.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, GoalJsonContext.Default.GoalStatus);
}

/// <summary>A goal's metric as it stands.</summary>
/// <param name="Name">The metric's name.</param>
/// <param name="Value">The best feasible value so far; absent where there is none.</param>
/// <param name="Direction"><c>maximize</c> or <c>minimize</c>.</param>
/// <param name="Target">The value asked for; absent where none was.</param>
/// <param name="Reached">Whether the value reaches the target; false where there is no target.</param>
[GenerateSerializer, Immutable, Alias("hive.metric-status")]
public sealed record MetricStatus(
    [property: Id(0)] string Name,
    [property: Id(1), JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Value,
    [property: Id(2)] string Direction,
    [property: Id(3), JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Target,
    [property: Id(4)] bool Reached);

/// <summary>How attempts went.</summary>
/// <param name="Done">How many came back with something.</param>
/// <param name="Failed">How many failed as a whole.</param>
/// <param name="Ignored">How many answers did not count: late ones, and those of silos that were not asked.</param>
[GenerateSerializer, Immutable, Alias("hive.attempt-counts")]
public sealed record AttemptCounts([property: Id(0)] long Done, [property: Id(1)] long Failed, [property: Id(2)] long Ignored = 0);

/// <summary>What one strategy brought to a goal.</summary>
/// <param name="Name">The strategy.</param>
/// <param name="Attempts">How many slices it was given.</param>
/// <param name="Best">The best feasible metric it found; absent where none.</param>
[GenerateSerializer, Immutable, Alias("hive.strategy-status")]
public sealed record StrategyStatus(
    [property: Id(0)] string Name,
    [property: Id(1)] long Attempts,
    [property: Id(2), JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Best);

/// <summary>A goal in a list.</summary>
/// <param name="Id">The goal's id.</param>
/// <param name="Objective">What is wanted.</param>
/// <param name="State">Where it is.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="UpdatedAt">When its state changed last.</param>
[GenerateSerializer, Immutable, Alias("hive.goal-line")]
public sealed record GoalLine(
    [property: Id(0)] string Id,
    [property: Id(1)] string Objective,
    [property: Id(2)] GoalState State,
    [property: Id(3)] DateTimeOffset CreatedAt,
    [property: Id(4)] DateTimeOffset UpdatedAt);

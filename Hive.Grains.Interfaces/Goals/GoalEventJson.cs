using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Hive.Goals;

/// <summary>Events as JSON. The kinds and the members' names are part of the stored format: they are added to, never changed.</summary>
public static class GoalEventJson
{
    /// <summary>The kind under which an event is stored.</summary>
    /// <param name="goalEvent">The event.</param>
    public static string KindOf(GoalEvent goalEvent) => goalEvent switch
    {
        GoalAccepted => "accepted",
        StateChanged => "state",
        RoundForked => "forked",
        AttemptStarted => "attempt-started",
        AttemptFinished => "attempt-finished",
        AnswerIgnored => "answer-ignored",
        GoalWaits => "waits",
        RoundJoined => "joined",
        CandidateVerified => "verified",
        OutcomeJoined => "outcome",
        CallReserved => "call-reserved",
        CallSettled => "call-settled",
        FactRecorded => "fact",
        PlanMade => "plan",
        CandidateJudged => "judged",
        AnswerJoined => "answer",
        VotesReserved => "votes-reserved",
        VotesCounted => "votes",
        StepDecided => "step",
        BudgetAdded => "budget-added",
        ApprovalAsked => "approval-asked",
        ApprovalGiven => "approval-given",
        EffectRequested => "effect-requested",
        EffectBegun => "effect-begun",
        EffectEnded => "effect-ended",
        _ => throw new ArgumentException($"{goalEvent.GetType().Name} has no kind", nameof(goalEvent)),
    };

    /// <summary>Writes the event as one JSON object.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="goalEvent">The event.</param>
    public static void Write(Utf8JsonWriter writer, GoalEvent goalEvent)
    {
        switch (goalEvent)
        {
            case AttemptStarted started:
                Write(writer, started);
                break;
            case AttemptFinished finished:
                Write(writer, finished);
                break;
            default:
                JsonSerializer.Serialize(writer, goalEvent, TypeOf(KindOf(goalEvent))!);
                break;
        }
    }

    /// <summary>Reads an event back.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="json">Its JSON.</param>
    /// <returns>The event; absent where the kind is not known.</returns>
    /// <exception cref="FormatException">The JSON is no event of that kind.</exception>
    public static GoalEvent? Read(string kind, string json)
    {
        try
        {
            return TypeOf(kind) is { } type ? (GoalEvent?)JsonSerializer.Deserialize(json, type) : null;
        }
        catch (JsonException e)
        {
            throw new FormatException($"an entry of kind '{kind}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>By hand: there is one for every attempt, and this costs a third of the serializer's time and garbage.</summary>
    private static void Write(Utf8JsonWriter writer, AttemptStarted started)
    {
        writer.WriteStartObject();
        writer.WriteString("attempt"u8, started.Attempt);
        writer.WriteString("agent"u8, started.Agent);
        writer.WriteString("strategy"u8, started.Strategy);
        writer.WriteEndObject();
    }

    /// <inheritdoc cref="Write(Utf8JsonWriter, AttemptStarted)"/>
    private static void Write(Utf8JsonWriter writer, AttemptFinished finished)
    {
        writer.WriteStartObject();
        writer.WriteString("attempt"u8, finished.Attempt);
        writer.WriteString("agent"u8, finished.Agent);
        writer.WriteNumber("evaluations"u8, finished.Evaluations);
        writer.WriteNumber("failures"u8, finished.Failures);
        writer.WriteStartArray("candidates"u8);
        foreach (var candidate in finished.Candidates)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("value"u8);
            writer.WriteRawValue(candidate.Value, skipInputValidation: true);
            WriteNumber(writer, "metric"u8, candidate.Metric);
            WriteNumber(writer, "violation"u8, candidate.Violation);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (finished.Failure is { } failure)
        {
            writer.WriteString("failure"u8, failure);
        }

        if (finished.Incarnation is { } incarnation)
        {
            writer.WriteString("incarnation"u8, incarnation);
        }

        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, ReadOnlySpan<byte> name, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumber(name, value);
        }
        else
        {
            writer.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static JsonTypeInfo? TypeOf(string kind) => kind switch
    {
        "accepted" => GoalJsonContext.Default.GoalAccepted,
        "state" => GoalJsonContext.Default.StateChanged,
        "forked" => GoalJsonContext.Default.RoundForked,
        "attempt-started" => GoalJsonContext.Default.AttemptStarted,
        "attempt-finished" => GoalJsonContext.Default.AttemptFinished,
        "answer-ignored" => GoalJsonContext.Default.AnswerIgnored,
        "waits" => GoalJsonContext.Default.GoalWaits,
        "joined" => GoalJsonContext.Default.RoundJoined,
        "verified" => GoalJsonContext.Default.CandidateVerified,
        "outcome" => GoalJsonContext.Default.OutcomeJoined,
        "call-reserved" => GoalJsonContext.Default.CallReserved,
        "call-settled" => GoalJsonContext.Default.CallSettled,
        "fact" => GoalJsonContext.Default.FactRecorded,
        "plan" => GoalJsonContext.Default.PlanMade,
        "judged" => GoalJsonContext.Default.CandidateJudged,
        "answer" => GoalJsonContext.Default.AnswerJoined,
        "votes-reserved" => GoalJsonContext.Default.VotesReserved,
        "votes" => GoalJsonContext.Default.VotesCounted,
        "step" => GoalJsonContext.Default.StepDecided,
        "budget-added" => GoalJsonContext.Default.BudgetAdded,
        "approval-asked" => GoalJsonContext.Default.ApprovalAsked,
        "approval-given" => GoalJsonContext.Default.ApprovalGiven,
        "effect-requested" => GoalJsonContext.Default.EffectRequested,
        "effect-begun" => GoalJsonContext.Default.EffectBegun,
        "effect-ended" => GoalJsonContext.Default.EffectEnded,
        _ => null,
    };
}

/// <summary>Serializers made at compile time: no reflection at the start.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(GoalAccepted))]
[JsonSerializable(typeof(StateChanged))]
[JsonSerializable(typeof(RoundForked))]
[JsonSerializable(typeof(AttemptStarted))]
[JsonSerializable(typeof(AttemptFinished))]
[JsonSerializable(typeof(AnswerIgnored))]
[JsonSerializable(typeof(GoalWaits))]
[JsonSerializable(typeof(RoundJoined))]
[JsonSerializable(typeof(CandidateVerified))]
[JsonSerializable(typeof(OutcomeJoined))]
[JsonSerializable(typeof(CallReserved))]
[JsonSerializable(typeof(CallSettled))]
[JsonSerializable(typeof(FactRecorded))]
[JsonSerializable(typeof(PlanMade))]
[JsonSerializable(typeof(CandidateJudged))]
[JsonSerializable(typeof(AnswerJoined))]
[JsonSerializable(typeof(VotesReserved))]
[JsonSerializable(typeof(VotesCounted))]
[JsonSerializable(typeof(StepDecided))]
[JsonSerializable(typeof(BudgetAdded))]
[JsonSerializable(typeof(ApprovalAsked))]
[JsonSerializable(typeof(ApprovalGiven))]
[JsonSerializable(typeof(EffectRequested))]
[JsonSerializable(typeof(EffectBegun))]
[JsonSerializable(typeof(EffectEnded))]
[JsonSerializable(typeof(Brains.BrainReply))]
[JsonSerializable(typeof(GoalApproval))]
[JsonSerializable(typeof(GoalStatus))]
internal sealed partial class GoalJsonContext : JsonSerializerContext;

/// <summary>Carries JSON inside JSON as it is, not as a quoted string.</summary>
internal sealed class RawJsonConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.GetRawText();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteRawValue(value, skipInputValidation: true);
}

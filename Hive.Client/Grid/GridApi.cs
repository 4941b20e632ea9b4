using System.Text.Json;

namespace Hive.Client.Grid;

/// <summary>
/// The subjects and the JSON with which any program, in any language, uses a grid: a request to <c>hive.CLUSTER.api.USER.VERB</c> whose payload is a JSON object, a reply that is
/// one too. <c>docs/grid.md</c> lists the verbs. A reply with a member <c>error</c> is a refusal: <c>{"error": {"kind": …, "message": …}}</c>.
/// </summary>
public static class GridApi
{
    /// <summary>The version of this interface, in the member <c>version</c> of requests; absent means this one.</summary>
    public const int Version = 1;

    /// <summary>Submits a goal: <c>{"id": ID, "goal": {…}}</c>; the reply is the goal's status once it is on the hub's disk.</summary>
    public const string Submit = "submit";

    /// <summary>A goal as it stands: <c>{"id": ID}</c>.</summary>
    public const string Status = "status";

    /// <summary>The user's goals, newest first: <c>{"most": N}</c>; the reply is <c>{"goals": […]}</c>.</summary>
    public const string List = "list";

    /// <summary>
    /// A goal's log after a sequence: <c>{"id": ID, "after": N}</c>. The reply is <c>{"entries": […], "end": BOOL}</c>, sent when there is an entry, or after some seconds without one; ask
    /// again after the last sequence until <c>end</c> is true.
    /// </summary>
    public const string Watch = "watch";

    /// <summary>Calls a goal off: <c>{"id": ID, "reason": TEXT}</c>.</summary>
    public const string Cancel = "cancel";

    /// <summary>Goes on with a goal that lies still: <c>{"id": ID}</c>.</summary>
    public const string Resume = "resume";

    /// <summary>Answers what a goal asks: <c>{"id": ID, "what": WHAT, "approved": BOOL, "reason": TEXT}</c>; without <c>what</c> everything that it asks now. The answer is the user's.</summary>
    public const string Approve = "approve";

    /// <summary>Lets a goal for brains spend more, and go on: <c>{"id": ID, "budget": {…}}</c> with the members of a goal file's budget. Sent again, it adds again.</summary>
    public const string AddBudget = "add-budget";

    /// <summary>The silos that are here, as <c>hive silo list --json</c> prints them.</summary>
    public const string Silos = "silos";

    /// <summary>Submits a research campaign: <c>{"id": ID, "campaign": {…}}</c>; the reply is its status once it is on the hub's disk.</summary>
    public const string ResearchSubmit = "research-submit";

    /// <summary>A campaign as it stands: <c>{"id": ID}</c>.</summary>
    public const string ResearchStatus = "research-status";

    /// <summary>Goes on with a campaign that lies still: <c>{"id": ID}</c>.</summary>
    public const string ResearchResume = "research-resume";

    /// <summary>A campaign's log after a sequence, as <see cref="Watch"/> gives a goal's.</summary>
    public const string ResearchWatch = "research-watch";

    /// <summary>The user who may see and touch the goals of all.</summary>
    public const string Administrator = GridOptions.DefaultUser;

    /// <summary>The subject of a verb.</summary>
    /// <param name="cluster">The grid's name; <c>*</c> for all.</param>
    /// <param name="user">The user; <c>*</c> for all.</param>
    /// <param name="verb">The verb; <c>*</c> for all.</param>
    public static string Subject(string cluster, string user, string verb) => $"hive.{cluster}.api.{user}.{verb}";

    /// <summary>Whether a user may see and touch a goal: what comes before the last <c>-</c> of its id is the name of its user.</summary>
    /// <param name="user">The user.</param>
    /// <param name="goal">The goal's id.</param>
    public static bool MayTouch(string user, string goal) => user == Administrator || (goal.LastIndexOf('-') is > 0 and var end && goal.AsSpan(0, end).SequenceEqual(user));

    /// <summary>The id under which a user submits a goal: its own ids as they are, another with the user's name before it.</summary>
    /// <param name="user">The user.</param>
    /// <param name="id">The id that was wished for.</param>
    /// <exception cref="ArgumentException">It is no id, or too long with the name before it.</exception>
    public static string OwnId(string user, string id) =>
        GoalId.Check(MayTouch(user, GoalId.Check(id)) ? id : $"{user}-{id.Replace('-', '_')}");

    /// <summary>A refusal.</summary>
    /// <param name="kind">Why.</param>
    /// <param name="message">In words: what, where, how to mend it.</param>
    public static byte[] Refusal(GridErrorKind kind, string message) => Json(writer =>
    {
        writer.WriteStartObject("error");
        writer.WriteString("kind", JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString()));
        writer.WriteString("message", message);
        writer.WriteEndObject();
    });

    /// <summary>The exception that a reply stands for; null where it is no refusal.</summary>
    /// <param name="reply">The reply.</param>
    public static Exception? FailureOf(JsonElement reply)
    {
        if (reply.ValueKind != JsonValueKind.Object || !reply.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var message = Text(error, "message") ?? "the hub gives no reason";
        return Text(error, "kind") switch
        {
            "bad-input" => new ArgumentException(message),
            "unknown" => new KeyNotFoundException(message),
            "busy" => new Goals.GoalBusyException(message),
            "unavailable" => new GridUnavailableException(message),
            _ => new GridException(message),
        };
    }

    /// <summary>A JSON object of these members.</summary>
    /// <param name="members">Writes them.</param>
    public static byte[] Json(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Writes log entries as the array member of an object: <c>sequence</c>, <c>at</c>, <c>kind</c> and <c>event</c> each.</summary>
    /// <param name="writer">Within the object.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="entries">The entries.</param>
    public static void WriteEntries(Utf8JsonWriter writer, string member, IEnumerable<Goals.GoalEntry> entries)
    {
        writer.WriteStartArray(member);
        foreach (var entry in entries)
        {
            writer.WriteStartObject();
            writer.WriteNumber("sequence", entry.Sequence);
            writer.WriteString("at", entry.At);
            writer.WriteString("kind", entry.Kind);
            writer.WritePropertyName("event");
            writer.WriteRawValue(entry.Json);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>A member that is a text; null where it is absent or none.</summary>
    /// <param name="json">The object.</param>
    /// <param name="member">The member's name.</param>
    public static string? Text(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>Why the hub refused.</summary>
public enum GridErrorKind
{
    /// <summary>The request itself is wrong.</summary>
    BadInput,

    /// <summary>There is no such goal, or it is another user's.</summary>
    Unknown,

    /// <summary>Another process is at work on the goal.</summary>
    Busy,

    /// <summary>Not now: the hub starts, stops, or has more to do than it takes in. The same request may be sent again.</summary>
    Unavailable,

    /// <summary>The hub tried and failed.</summary>
    Failed,
}

/// <summary>The hub tried and failed.</summary>
/// <param name="message">What went wrong.</param>
/// <param name="inner">What lay beneath.</param>
public class GridException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>No hub answers, or not now.</summary>
/// <param name="message">Where, and how to mend it.</param>
/// <param name="inner">What lay beneath.</param>
public sealed class GridUnavailableException(string message, Exception? inner = null) : GridException(message, inner);

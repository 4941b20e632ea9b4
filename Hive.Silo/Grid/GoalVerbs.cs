using System.Text;
using System.Text.Json;
using Hive.Client;
using Hive.Client.Grid;
using Hive.Goals;

namespace Hive.Silo.Grid;

/// <summary>The verbs that look after goals.</summary>
internal static class GoalVerbs
{
    /// <summary>All of them.</summary>
    /// <param name="time">The clock.</param>
    public static IEnumerable<IGridVerb> All(TimeProvider time) =>
    [
        new GridVerb(GridApi.Submit, SubmitAsync),
        new GridVerb(GridApi.Status, (hive, user, request, cancellation) => StatusAsync(hive.GetAsync(Goal(user, request), cancellation))),
        new GridVerb(GridApi.Cancel, (hive, user, request, cancellation) =>
            StatusAsync(hive.CancelAsync(Goal(user, request), GridApi.Text(request, "reason") ?? "called off", cancellation))),
        new GridVerb(GridApi.Resume, (hive, user, request, cancellation) => StatusAsync(hive.ResumeAsync(Goal(user, request), cancellation))),
        new GridVerb(GridApi.Approve, (hive, user, request, cancellation) => StatusAsync(hive.ApproveAsync(Goal(user, request), Approval(user, request), cancellation))),
        new GridVerb(GridApi.AddBudget, (hive, user, request, cancellation) => StatusAsync(hive.AddBudgetAsync(Goal(user, request), Budget(request), cancellation))),
        new GridVerb(GridApi.List, ListAsync),
        new GridVerb(GridApi.Watch, (hive, user, request, cancellation) => WatchAsync(hive, user, request, time, cancellation)),
    ];

    private static async Task<byte[]> SubmitAsync(IHive hive, string user, JsonElement request, CancellationToken cancellation)
    {
        if (!request.TryGetProperty("goal", out var goal))
        {
            throw new ArgumentException("the request has no \"goal\": put the goal file's object there");
        }

        GoalSpec spec;
        try
        {
            spec = GoalFile.Parse(goal.GetRawText());
        }
        catch (GoalSpecException e)
        {
            throw new ArgumentException(e.Message, e);
        }

        var id = GridApi.OwnId(user, GridApi.Text(request, "id") ?? GoalId.New());
        await hive.SubmitAsync(spec, id, cancellation);
        return await StatusAsync(hive.GetAsync(id, cancellation));
    }

    /// <summary>Whoever asks is who answers: nobody approves in another's name.</summary>
    private static GoalApproval Approval(string user, JsonElement request) =>
        request.TryGetProperty("approved", out var approved) && approved.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? new GoalApproval(GridApi.Text(request, "what"), approved.GetBoolean(), user, GridApi.Text(request, "reason"))
            : throw new ArgumentException("the request does not say whether it approves: write \"approved\": true or false");

    private static string Budget(JsonElement request) => request.TryGetProperty("budget", out var budget)
        ? budget.GetRawText()
        : throw new ArgumentException("the request has no \"budget\": say how much more may be spent, such as {\"tokens\": 100000}");

    private static async Task<byte[]> ListAsync(IHive hive, string user, JsonElement request, CancellationToken cancellation)
    {
        const int Most = 10_000;
        var most = request.TryGetProperty("most", out var wanted) && wanted.TryGetInt32(out var number) ? Math.Clamp(number, 1, Most) : 100;
        var goals = await hive.ListAsync(user == GridApi.Administrator ? most : Most, cancellation);
        return GridApi.Json(writer =>
        {
            writer.WriteStartArray("goals");
            foreach (var goal in goals.Where(goal => GridApi.MayTouch(user, goal.Id)).Take(most))
            {
                writer.WriteStartObject();
                writer.WriteString("id", goal.Id);
                writer.WriteString("state", goal.State.ToString());
                writer.WriteString("objective", goal.Objective);
                writer.WriteString("createdAt", goal.CreatedAt);
                writer.WriteString("updatedAt", goal.UpdatedAt);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private static Task<byte[]> WatchAsync(IHive hive, string user, JsonElement request, TimeProvider time, CancellationToken cancellation)
    {
        var goal = Goal(user, request);
        return LogWatch.AnswerAsync(
            request,
            async stop => (await hive.GetAsync(goal, stop)).State.IsEnd(),
            (after, stop) => hive.WatchAsync(goal, after, stop),
            entry => entry,
            time,
            cancellation);
    }

    private static async Task<byte[]> StatusAsync(Task<GoalStatus> status) => Encoding.UTF8.GetBytes((await status).ToJson());

    private static string Goal(string user, JsonElement request) => GridVerb.IdOf(user, request, "goal");
}

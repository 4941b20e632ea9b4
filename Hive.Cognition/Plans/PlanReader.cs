using System.Collections.Immutable;
using System.Text.Json;
using Hive.Cognition.Prompts;

namespace Hive.Cognition.Plans;

/// <summary>Reads an architect's reply. What comes out is within its limits, and its tasks are independent as far as their words tell.</summary>
public static class PlanReader
{
    private const int MostIdCharacters = 32;

    private static readonly ImmutableArray<string> DependencyMembers =
        ["dependsOn", "depends_on", "dependencies", "after", "needs", "requires", "prerequisites", "blockedBy"];

    /// <summary>Reads a plan.</summary>
    /// <param name="reply">What the architect answered.</param>
    /// <param name="limits">What the plan may ask for.</param>
    /// <param name="mistakes">What is wrong with it, each in words that a model can act on; empty for a plan that is right.</param>
    /// <returns>The plan, or null where there are mistakes.</returns>
    public static Plan? Read(string reply, PlanLimits limits, out ImmutableArray<string> mistakes)
    {
        if (!JsonReply.TryFind(reply, out var json, out var mistake))
        {
            mistakes = [mistake];
            return null;
        }

        var fields = new ReplyFields();
        var items = fields.Items(json, string.Empty, "tasks", limits.MaxTasks, isRequired: true);
        if (items.Count == 0 && !fields.HasMistakes) fields.Add("tasks is empty; a plan has at least one task");
        var drafts = items.Select((item, i) => ReadTask(item, $"tasks[{i}]", limits, fields)).ToList();
        var ids = ReadIds(drafts, fields);
        var tasks = drafts.Select((draft, i) => draft.Task with { Id = ids[i] }).ToImmutableArray();
        RefuseRepetition(tasks, fields);
        Independence.Check(tasks, [.. drafts.Select(draft => draft.Task.Id.Length > 0)], fields);
        mistakes = fields.Mistakes;
        return fields.HasMistakes ? null : new Plan(tasks);
    }

    private static (PlannedTask Task, string Path) ReadTask(JsonElement item, string path, PlanLimits limits, ReplyFields fields)
    {
        if (!fields.IsObject(item, path)) return (new(string.Empty, string.Empty, string.Empty, null, 1, TaskCheck.None), path);
        var member = path + ".";
        foreach (var name in DependencyMembers)
        {
            if (ReplyFields.TryGet(item, name, out var value) && !(value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0))
            {
                fields.Add($"{member}{name} names other tasks; tasks run apart and see nothing of one another: give each what it needs in its own context, "
                    + "or make one task of those that need one another");
            }
        }

        return (new(
            fields.OptionalText(item, member, "id", MostIdCharacters) ?? string.Empty,
            fields.Text(item, member, "instruction", limits.MaxInstruction),
            fields.OptionalText(item, member, "context", limits.MaxContext) ?? string.Empty,
            ReadTier(item, member, limits, fields),
            fields.OptionalInteger(item, member, "width", 1, limits.MaxWidth) ?? Math.Min(limits.DefaultWidth, limits.MaxWidth),
            ReadCheck(item, member, fields)), path);
    }

    private static string? ReadTier(JsonElement item, string path, PlanLimits limits, ReplyFields fields)
    {
        if (!ReplyFields.TryGet(item, "tier", out var value)) return null;
        if (value.ValueKind == JsonValueKind.String && limits.AllowedTiers.Contains(value.GetString()!)) return value.GetString();
        fields.Add($"{path}tier is {ReplyFields.Shown(value)}; it may be {string.Join(", ", limits.AllowedTiers)}");
        return null;
    }

    private static TaskCheck ReadCheck(JsonElement item, string path, ReplyFields fields)
    {
        if (!ReplyFields.TryGet(item, "check", out var value)) return TaskCheck.Critics;
        switch (value.ValueKind == JsonValueKind.String ? value.GetString() : null)
        {
            case "critics": return TaskCheck.Critics;
            case "votes": return TaskCheck.Votes;
            case "none": return TaskCheck.None;
            default:
                fields.Add($"{path}check is {ReplyFields.Shown(value)}; it may be critics, votes or none");
                return TaskCheck.Critics;
        }
    }

    /// <summary>The tasks' ids; a task without one is called <c>t</c> and its number from 1, or the next number that is free.</summary>
    private static string[] ReadIds(List<(PlannedTask Task, string Path)> drafts, ReplyFields fields)
    {
        var taken = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (task, path) in drafts)
        {
            if (task.Id.Length == 0) continue;
            if (!task.Id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            {
                fields.Add($"{path}.id is {ReplyFields.Quote(task.Id)}; it may have letters, digits, '-' and '_'");
            }
            else if (!taken.TryAdd(task.Id, path))
            {
                fields.Add($"{path}.id is {ReplyFields.Quote(task.Id)}, as {taken[task.Id]}.id is; every id must differ, in more than case");
            }
        }

        var ids = new string[drafts.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = drafts[i].Task.Id;
            for (var number = i + 1; ids[i].Length == 0; number++)
            {
                if (taken.TryAdd($"t{number}", drafts[i].Path)) ids[i] = $"t{number}";
            }
        }

        return ids;
    }

    private static void RefuseRepetition(ImmutableArray<PlannedTask> tasks, ReplyFields fields)
    {
        var seen = new Dictionary<(string Instruction, string Context), int>();
        for (var i = 0; i < tasks.Length; i++)
        {
            var key = (Wording.Normal(tasks[i].Instruction), Wording.Normal(tasks[i].Context));
            if (key.Item1.Length > 0 && !seen.TryAdd(key, i)) fields.Add($"tasks[{i}] says the same as tasks[{seen[key]}]; width is how one task gets several attempts");
        }
    }
}

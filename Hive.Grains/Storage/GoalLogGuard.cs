using System.Buffers;

namespace Hive.Storage;

/// <summary>Checks what comes from outside before anything is queued or written, the same for every log.</summary>
internal static class GoalLogGuard
{
    private static readonly SearchValues<char> GoalCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>Ids become file names and keys, hence the narrow alphabet.</summary>
    public static void CheckGoal(string goal)
    {
        ArgumentException.ThrowIfNullOrEmpty(goal);
        if (goal.Length > GoalLogLimits.GoalLength || goal[0] == '.' || goal.AsSpan().ContainsAnyExcept(GoalCharacters))
        {
            throw new ArgumentException(
                $"A goal id has 1 to {GoalLogLimits.GoalLength} letters, digits, '-', '_' and '.', and does not start with '.'.", nameof(goal));
        }
    }

    public static void CheckKind(string kind) => CheckText(kind, GoalLogLimits.KindLength, nameof(kind));

    public static void CheckBody(ReadOnlyMemory<byte> body, string goal)
    {
        if (body.Length > GoalLogLimits.BodyBytes)
        {
            throw new StorageException(
                StorageFault.TooLarge,
                $"A body of {body.Length:N0} bytes for goal '{goal}' is larger than the {GoalLogLimits.BodyBytes:N0} that the log takes; write it to a file and record its name and hash.");
        }
    }

    public static void CheckList(string? state, int limit)
    {
        CheckText(state ?? string.Empty, GoalLogLimits.KindLength, nameof(state));
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, GoalLogLimits.ListLength);
    }

    public static StorageException TooManyRequests(string goal, int bound) => new(
        StorageFault.Overloaded, $"{bound:N0} requests wait for goal '{goal}' already, and nobody takes them: it does not run. Resume it first.");

    /// <summary>Checks an append and returns its size in bytes.</summary>
    public static int CheckAppend(string goal, IReadOnlyList<LogEntry> entries, GoalSummary? summary)
    {
        CheckGoal(goal);
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count > GoalLogLimits.AppendEntries)
        {
            throw TooLarge(goal, $"{entries.Count:N0} entries");
        }

        var bytes = 0L;
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (entry.Sequence < 1 || entry.Sequence != entries[0].Sequence + i)
            {
                throw new ArgumentException(
                    $"Entry {i} of the append to goal '{goal}' has sequence {entry.Sequence}; sequences start at 1 and are consecutive.", nameof(entries));
            }

            CheckKind(entry.Kind);
            CheckBody(entry.Body, goal);
            bytes += entry.Body.Length;
        }

        bytes += summary is null ? 0 : CheckSummary(goal, summary);
        return bytes <= GoalLogLimits.AppendBytes ? (int)bytes : throw TooLarge(goal, $"{bytes:N0} bytes");
    }

    private static int CheckSummary(string goal, GoalSummary summary)
    {
        if (summary.Id != goal)
        {
            throw new ArgumentException($"The summary is of goal '{summary.Id}', the entries are of goal '{goal}'.", nameof(summary));
        }

        CheckText(summary.Objective, GoalLogLimits.ObjectiveLength, nameof(summary.Objective));
        CheckText(summary.State, GoalLogLimits.KindLength, nameof(summary.State));
        CheckBody(summary.Body, goal);
        return summary.Body.Length + summary.Objective.Length;
    }

    private static StorageException TooLarge(string goal, string what) => new(
        StorageFault.TooLarge,
        $"One append to goal '{goal}' has {what}; it takes {GoalLogLimits.AppendEntries:N0} entries and {GoalLogLimits.AppendBytes:N0} bytes. Append in smaller pieces.");

    /// <summary>PostgreSQL's text holds neither NUL nor half a surrogate pair, so no database is given them.</summary>
    private static void CheckText(string text, int maximum, string name)
    {
        ArgumentNullException.ThrowIfNull(text, name);
        if (text.Length > maximum)
        {
            throw new ArgumentException($"The {name} has {text.Length:N0} characters; at most {maximum:N0} are kept.", name);
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (text[i] == '\0' || char.IsSurrogate(text[i]))
            {
                throw new ArgumentException($"The {name} holds a character at {i} that is no text (NUL or half a surrogate pair).", name);
            }
        }
    }
}

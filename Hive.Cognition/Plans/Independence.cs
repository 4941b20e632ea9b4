using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Hive.Cognition.Prompts;

namespace Hive.Cognition.Plans;

/// <summary>
/// Finds tasks that build on others by their words. An id that looks like nothing but an id (<c>t1</c>, <c>task-2</c>) counts wherever it stands; any other only in a phrase such as
/// "result of parser", so that a task called <c>parser</c> does not forbid the others to speak of a parser, nor a goal about tasks that its tasks speak of them.
/// </summary>
internal static partial class Independence
{
    private const int MostBefore = 32;

    internal static void Check(ImmutableArray<PlannedTask> tasks, ImmutableArray<bool> isIdGiven, ReplyFields fields)
    {
        var places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < tasks.Length; i++) places.TryAdd(tasks[i].Id, i);
        for (var i = 0; i < tasks.Length; i++)
        {
            CheckText(tasks[i].Instruction, i, $"tasks[{i}].instruction", places, isIdGiven, fields);
            CheckText(tasks[i].Context, i, $"tasks[{i}].context", places, isIdGiven, fields);
        }
    }

    private static void CheckText(string text, int own, string path, Dictionary<string, int> places, ImmutableArray<bool> isIdGiven, ReplyFields fields)
    {
        if (PreviousTask().Match(text) is { Success: true } phrase) fields.Add(Mistake(path, phrase.Value));
        foreach (var word in Word().EnumerateMatches(text))
        {
            var name = text.Substring(word.Index, word.Length);
            if (!places.TryGetValue(name, out var other) || other == own) continue;
            var isNumbered = isIdGiven[other] && Numbered().IsMatch(name);
            var before = text.AsSpan(Math.Max(0, word.Index - MostBefore), Math.Min(MostBefore, word.Index));
            if (!isNumbered && !Dependency().IsMatch(before)) continue;
            fields.Add(Mistake(path, name));
            return;
        }
    }

    private static string Mistake(string path, string named) =>
        $"{path} builds on another task ({ReplyFields.Quote(named)}); tasks run apart and see nothing of one another: give it what it needs in its own context, "
        + "or make one task of those that need one another; if it only sounds so, use other words or another id";

    [GeneratedRegex(@"[A-Za-z0-9_-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"^([a-z]|task|subtask|step|part|piece|job)[-_]?[0-9]+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Numbered();

    [GeneratedRegex(
        @"\b((depends?|builds?) on|(outputs?|results?|answers?|findings) (of|from)|(after|once|of|from|by) task)\s+(task\s+)?['""`(]?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Dependency();

    [GeneratedRegex(
        @"\b(outputs?|results?|answers?|findings) (of|from) (the |all |any )?(previous|preceding|earlier|foregoing|other) tasks?\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PreviousTask();
}

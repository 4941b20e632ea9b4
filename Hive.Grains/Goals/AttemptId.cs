using System.Globalization;

namespace Hive.Goals;

/// <summary>An attempt's id within its goal, <c>round.index</c>: the same attempt keeps it when it is dispatched again.</summary>
internal static class AttemptId
{
    public static string Of(ExplorationTask task) => string.Create(CultureInfo.InvariantCulture, $"{task.Round}.{task.Index}");

    /// <exception cref="GoalHistoryException">The text is no attempt's id.</exception>
    public static (int Round, int Index) Parse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot > 0
            && int.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var round)
            && int.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? (round, index)
            : throw new GoalHistoryException($"'{text}' is no attempt's id");
    }
}

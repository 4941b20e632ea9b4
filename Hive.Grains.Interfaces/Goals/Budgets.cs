using System.Text.Json;

namespace Hive.Goals;

/// <summary>Reads budgets that are added to a goal.</summary>
public static class Budgets
{
    /// <summary>Reads how much more may be spent.</summary>
    /// <param name="json">The members of a budget as JSON, such as <c>{"tokens": 100000, "calls": {"core": 5}}</c>.</param>
    /// <exception cref="ArgumentException">It is no budget; every mistake in the message.</exception>
    public static BudgetAdded Read(string json)
    {
        var mistakes = new List<GoalMistake>();
        GoalBudget more;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            more = GoalReader.MoreBudget(new ElementReader(document.RootElement, "", (path, message) => mistakes.Add(new GoalMistake(path, message))));
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"this is not JSON: {e.Message}");
        }

        return mistakes.Count == 0
            ? new BudgetAdded(more.Tokens ?? 0, more.Money ?? 0, more.Calls, more.Seconds ?? 0, more.Rounds ?? 0)
            : throw new ArgumentException(string.Join("; ", mistakes));
    }
}

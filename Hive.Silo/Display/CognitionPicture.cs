using System.Globalization;
using Hive.Goals;
using Spectre.Console;

namespace Hive.Silo.Display;

/// <summary>The part of the live picture that shows a goal for brains.</summary>
internal static class CognitionPicture
{
    private const int MaxTasks = 12;

    /// <summary>What was asked, spent and decided so far.</summary>
    public static void AddFacts(Spectre.Console.Grid facts, GoalStory story, GoalStatus status, CognitionStatus cognition)
    {
        facts.AddRow("[grey]calls[/]", string.Create(CultureInfo.InvariantCulture, $"{cognition.CallsDone:N0} answered, {cognition.CallsFailed:N0} failed"));
        facts.AddRow("[grey]tokens[/]", LiveDisplay.Share(cognition.Ledger.Tokens, cognition.Ledger.TokensAllowed, "N0"));
        if (cognition.Ledger.MoneyAllowed is { } money)
        {
            facts.AddRow("[grey]money[/]", LiveDisplay.Share((double)cognition.Ledger.Money, (double)money, "0.####"));
        }

        if (!cognition.Ledger.Tiers.IsEmpty)
        {
            facts.AddRow("[grey]tiers[/]", Markup.Escape(CognitionText.Spent(cognition.Ledger)));
        }

        if (cognition.Steps is { Count: > 1 } steps)
        {
            facts.AddRow("[grey]steps[/]", $"{LiveDisplay.Share(steps.Done, steps.Count, "N0")}  [grey]{story.Cognition.Left(steps.Count - steps.Done)}[/]");
        }

        foreach (var asked in cognition.Approvals)
        {
            facts.AddRow("[grey]asks[/]", $"[yellow]{Markup.Escape(PlainText.Line(asked.What))}[/]  [bold]hive goal approve {Markup.Escape(status.Id)}[/]");
        }
    }

    /// <summary>The tasks as they stand.</summary>
    public static Table Tasks(CognitionStatus cognition)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("[grey]task[/]", "[grey]candidates[/]", "[grey]score[/]", "");
        foreach (var task in cognition.Tasks.OrderBy(task => task.IsDone).Take(MaxTasks))
        {
            table.AddRow(
                Markup.Escape(PlainText.Line(task.Instruction, 70)),
                task.Candidates.ToString(CultureInfo.InvariantCulture),
                task.Score.ToString("0.00", CultureInfo.InvariantCulture),
                task.IsDone ? "[green]holds[/]" : "");
        }

        return table;
    }
}

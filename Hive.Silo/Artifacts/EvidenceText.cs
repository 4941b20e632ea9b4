using System.Globalization;
using System.Text;
using Hive.Goals;
using Hive.Silo.Display;

namespace Hive.Silo.Artifacts;

/// <summary>Where an answer comes from, as a document to read: who said it, who judged it, what it cost, and what is missing.</summary>
internal static class EvidenceText
{
    public static string Of(GoalStatus status)
    {
        var cognition = status.Cognition!;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# Evidence for goal {status.Id}").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Cell(status.Objective, 2_000)}").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"* ended: {status.State.ToString().ToLowerInvariant()}{(status.Reason is { } reason ? $", {Cell(reason)}" : "")}");
        if (cognition.Steps is null)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"* last check: {(cognition.IsAccepted ? "accepted" : "not accepted")}, score {cognition.Score:0.##}, round {status.Rounds}");
            text.AppendLine(CultureInfo.InvariantCulture, $"* calls: {cognition.CallsDone:N0} answered, {cognition.CallsFailed:N0} failed or called off");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"* spent: {cognition.Ledger.Tokens:N0} tokens ({cognition.Ledger.TokensWrittenOff:N0} written off), money {cognition.Ledger.Money:0.######}");
        foreach (var tier in cognition.Ledger.Tiers)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  * {tier.Tier}: {tier.Calls:N0} calls, {tier.Tokens:N0} tokens");
        }

        if (cognition.Branch is { } branch)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"* branch: `{branch}`");
        }

        if (cognition.Steps is { } steps)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"* votes: {steps.Votes:N0} for {steps.Done:N0} of {steps.Count:N0} questions, {steps.Agreed:N0} for what was decided, {steps.Thrown:N0} thrown away, a lead of {steps.Lead}");
        }

        Candidates(text, cognition);
        List(text, "Contradictions", cognition.Contradictions);
        List(text, "Missing", status.Missing);
        List(text, "Effects", cognition.Effects.Select(effect => $"{effect.Tool} ({effect.Id}): {effect.Result ?? "has not happened"}"));
        return text.ToString();
    }

    private static void Candidates(StringBuilder text, CognitionStatus cognition)
    {
        if (cognition.Evidence.IsEmpty)
        {
            return;
        }

        text.AppendLine().AppendLine("## Candidates").AppendLine();
        text.AppendLine("| candidate | used | why | score | author | critics for it | tokens | money |");
        text.AppendLine("|---|---|---|---:|---|---|---:|---:|");
        foreach (var one in cognition.Evidence)
        {
            var critics = one.Critics.IsEmpty ? "none was asked" : string.Join("<br>", one.Critics.Select(critic => Cell(critic)));
            text.AppendLine(CultureInfo.InvariantCulture, $"| {one.Candidate} | {(one.IsUsed ? "yes" : "no")} | {Cell(one.Reason, 400)} | {one.Score:0.00} | {Cell(one.Author)} | {critics} | {one.Tokens:N0} | {one.Money:0.######} |");
        }
    }

    private static void List(StringBuilder text, string title, IEnumerable<string> lines)
    {
        var all = lines.ToArray();
        if (all.Length == 0)
        {
            return;
        }

        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {title}").AppendLine();
        foreach (var line in all)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"* {Cell(line, 2_000)}");
        }
    }

    /// <summary>On one line, and nothing in it is markup: what brains said is data here too.</summary>
    private static string Cell(string text, int most = 200)
    {
        var cell = new StringBuilder();
        foreach (var character in PlainText.Line(text, most))
        {
            _ = character is '|' or '<' or '>' or '`' or '[' or ']' or '*' or '_' or '\\' ? cell.Append('\\').Append(character) : cell.Append(character);
        }

        return cell.ToString();
    }
}

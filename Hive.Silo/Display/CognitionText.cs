using System.Collections.Immutable;
using System.Globalization;
using Hive.Goals;

namespace Hive.Silo.Display;

/// <summary>What a goal for brains has come to, in text.</summary>
internal static class CognitionText
{
    private const int MaxAnswerLines = 60;
    private const int MaxRows = 40;

    public static void Write(TextWriter output, GoalStatus status, CognitionStatus cognition)
    {
        var calls = cognition.Steps is not null
            ? string.Create(CultureInfo.InvariantCulture, $"{cognition.Ledger.Tiers.Sum(tier => tier.Calls):N0} votes asked for")
            : string.Create(CultureInfo.InvariantCulture, $"{cognition.CallsDone:N0} calls answered, {cognition.CallsFailed:N0} failed or called off, {status.Rounds} {(status.Rounds == 1 ? "round" : "rounds")}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"work        {calls}, {status.Seconds:F1} s"));
        WriteLedger(output, cognition.Ledger);
        if (cognition.PlanNote is { } note)
        {
            output.WriteLine($"plan        {PlainText.Line(note)}");
        }

        foreach (var task in cognition.Tasks.Take(MaxRows))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"task        {task.Id,-5} {(task.IsDone ? "holds" : "open "),-6} score {task.Score:0.00}, {task.Candidates} candidates: {PlainText.Line(task.Instruction, 80)}"));
        }

        if (cognition.Steps is { } steps)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"votes       {steps.Done:N0} of {steps.Count:N0} {(steps.Count == 1 ? "question" : "steps")} decided by {steps.Votes:N0} votes ({steps.Agreed:N0} for what was decided, {steps.Thrown:N0} thrown away), a lead of {steps.Lead}"));
        }

        WriteEvidence(output, cognition.Evidence);
        foreach (var contradiction in cognition.Contradictions.Take(MaxRows))
        {
            output.WriteLine($"contradiction  {PlainText.Line(contradiction, 300)}");
        }

        foreach (var effect in cognition.Effects.Take(MaxRows))
        {
            output.WriteLine($"effect      {effect.Id}  {effect.Tool}: {(effect.Result is { } result ? PlainText.Line(result) : "has not happened")}");
        }

        WriteApprovals(output, cognition.Approvals);
        foreach (var missing in status.Missing)
        {
            output.WriteLine($"missing     {PlainText.Line(missing, 300)}");
        }

        if (cognition.Branch is { } branch)
        {
            output.WriteLine($"branch      {branch}  (git diff HEAD...{branch})");
        }

        WriteAnswer(output, cognition);
    }

    /// <summary>What a person is asked.</summary>
    public static void WriteApprovals(TextWriter output, ImmutableArray<ApprovalStatus> asked)
    {
        foreach (var approval in asked)
        {
            output.WriteLine($"asks        {approval.Id}  {PlainText.Line(approval.What)}");
            foreach (var line in PlainText.Block(approval.Details).Split('\n').Take(MaxRows))
            {
                output.WriteLine($"            | {line}");
            }
        }
    }

    /// <summary>What was spent, in a few words a tier.</summary>
    public static string Spent(LedgerStatus ledger) => string.Join(", ", ledger.Tiers.Select(tier =>
        string.Create(CultureInfo.InvariantCulture, $"{tier.Tier} {tier.Calls:N0} calls {tier.Tokens:N0} tokens")));

    private static void WriteLedger(TextWriter output, LedgerStatus ledger)
    {
        var tokens = ledger.TokensAllowed is { } most ? string.Create(CultureInfo.InvariantCulture, $"{ledger.Tokens:N0} of {most:N0} tokens") : string.Create(CultureInfo.InvariantCulture, $"{ledger.Tokens:N0} tokens");
        var money = ledger.Money > 0 || ledger.MoneyAllowed is not null
            ? string.Create(CultureInfo.InvariantCulture, $", money {ledger.Money:0.######}{(ledger.MoneyAllowed is { } bound ? $" of {bound:0.######}" : "")}")
            : "";
        var lost = ledger.TokensWrittenOff > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({ledger.TokensWrittenOff:N0} of them written off: nobody knows whether they were spent)") : "";
        output.WriteLine($"spent       {tokens}{lost}{money}{(ledger.Tiers.IsEmpty ? "" : $"; {Spent(ledger)}")}");
    }

    private static void WriteEvidence(TextWriter output, ImmutableArray<EvidenceRecord> evidence)
    {
        if (evidence.IsEmpty)
        {
            return;
        }

        output.WriteLine($"evidence    {"candidate",-14} {"use",-9} {"score",5} {"critics",7} {"tokens",8}  author");
        foreach (var one in evidence.Take(MaxRows))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"            {one.Candidate,-14} {(one.IsUsed ? "used" : "discarded"),-9} {one.Score,5:0.00} {one.Critics.Length,7} {one.Tokens,8:N0}  {PlainText.Line(one.Author, 60)}"));
            if (!one.IsUsed)
            {
                output.WriteLine($"              because {PlainText.Line(one.Reason)}");
            }
        }
    }

    private static void WriteAnswer(TextWriter output, CognitionStatus cognition)
    {
        if (cognition.Answer is not { } answer)
        {
            output.WriteLine("answer      none");
            return;
        }

        var lines = PlainText.Block(answer).TrimEnd().Split('\n');
        output.WriteLine(lines.Length == 1 ? $"answer      {lines[0]}" : "answer");
        foreach (var line in lines.Length == 1 ? [] : lines.Take(MaxAnswerLines))
        {
            output.WriteLine($"  {line}");
        }

        if (lines.Length > MaxAnswerLines)
        {
            output.WriteLine($"  … {lines.Length - MaxAnswerLines} more lines (whole in the artifact and with --json)");
        }
    }
}

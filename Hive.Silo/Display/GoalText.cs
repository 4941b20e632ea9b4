using System.Globalization;
using Hive.Goals;

namespace Hive.Silo.Display;

/// <summary>A goal as it stands, in a few lines of text.</summary>
internal static class GoalText
{
    private const int MaxCandidate = 600;

    public static void Write(TextWriter output, GoalStatus status)
    {
        output.WriteLine($"goal        {status.Id}  {status.State.ToString().ToLowerInvariant()}{(status.Reason is { } reason ? $": {reason}" : "")}");
        if (status.Waiting is { } waiting)
        {
            output.WriteLine($"waits       {waiting}");
        }

        if (status.Cognition is { } cognition)
        {
            CognitionText.Write(output, status, cognition);
            WriteArtifacts(output, status);
            return;
        }

        if (status.Metric is { } metric)
        {
            var target = metric.Target is { } wanted ? $"  (target {GoalStory.Number(wanted)}: {(metric.Reached ? "reached" : "not reached")})" : "";
            output.WriteLine($"{metric.Name,-11} {GoalStory.Number(metric.Value)}{(status.Verified ? ", verified by a fresh evaluator" : "")}{target}");
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"work        {status.Evaluations:N0} evaluations in {status.Attempts.Done:N0} attempts ({status.Attempts.Failed:N0} failed), {status.Rounds} rounds, {status.Seconds:F1} s"));
        foreach (var strategy in status.Strategies.Where(strategy => strategy.Attempts > 0))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"            {strategy.Name,-22} {strategy.Attempts,6} attempts, best {GoalStory.Number(strategy.Best)}"));
        }

        output.WriteLine($"candidate   {(status.Candidate.Length <= MaxCandidate ? status.Candidate : status.Candidate[..MaxCandidate] + "…  (whole with --json)")}");
        WriteArtifacts(output, status);
    }

    private static void WriteArtifacts(TextWriter output, GoalStatus status)
    {
        foreach (var artifact in status.Artifacts)
        {
            output.WriteLine($"artifact    {artifact}");
        }
    }
}

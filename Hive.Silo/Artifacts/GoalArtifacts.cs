using System.Collections.Immutable;
using Hive.Client;
using Hive.Evaluators.Builtin;
using Hive.Goals;
using Hive.Silo.Display;
using Hive.Silo.Research;
using Hive.Spaces;

namespace Hive.Silo.Artifacts;

/// <summary>Files for people to look at, written when a goal has ended: how it got there, and the outcome itself where its evaluator can draw it.</summary>
internal static class GoalArtifacts
{
    /// <summary>Writes a goal's artifacts into a folder.</summary>
    /// <returns>The paths of what was written.</returns>
    public static async Task<ImmutableArray<string>> WriteAsync(IHive hive, GoalStatus status, string folder, CancellationToken cancellation)
    {
        var (story, calls) = (new GoalStory(status.Id), new CallRecords());
        await foreach (var entry in hive.WatchAsync(status.Id, 0, cancellation).WithCancellation(cancellation))
        {
            if (entry.Read() is { } happened)
            {
                story.Tell(entry, happened);
                calls.Take(entry.At, happened);
            }
        }

        var files = ImmutableArray.CreateBuilder<string>();
        if (status.Cognition is { } cognition)
        {
            var answer = story.Spec is { Cognition.Build: not null } ? "change.diff" : "answer.md";
            files.AddRange(await WriteAsync(status, cognition, calls, folder, answer, cancellation));
        }

        if (story.Curve.Count > 0)
        {
            files.Add(await WriteAsync(folder, "convergence.svg", ConvergencePlot.Draw(story.Spec!, story.Curve, story.Evaluations), cancellation));
        }

        if (story.Spec is { Metric.Evaluator: BuiltinEvaluatorSpec builtin } spec
            && status.Candidate != "null"
            && BuiltinCatalogue.All.GetValueOrDefault(builtin.Name)?.Draw is { } draw)
        {
            files.Add(await WriteAsync(folder, "outcome.svg", draw(SearchSpace.Of(spec.Space).FromJson(status.Candidate)), cancellation));
        }

        files.Add(await WriteAsync(folder, "status.json", (status with { Artifacts = files.ToImmutable() }).ToJson(), cancellation));
        return files.ToImmutable();
    }

    /// <summary>The answer, what it rests on, and how it came about.</summary>
    private static async Task<List<string>> WriteAsync(GoalStatus status, CognitionStatus cognition, CallRecords calls, string folder, string name, CancellationToken cancellation)
    {
        var files = new List<string>();
        if (cognition.Answer is { } answer)
        {
            files.Add(await WriteAsync(folder, name, answer, cancellation));
        }

        files.Add(await WriteAsync(folder, "evidence.md", EvidenceText.Of(status), cancellation));
        if (calls.Calls.Count > 0)
        {
            files.Add(await WriteAsync(folder, "goal.svg", CallTimeline.Draw(status, calls.Calls, calls.More), cancellation));
        }
        else if (calls.Votes.Steps > 1)
        {
            files.Add(await WriteAsync(folder, "goal.svg", Draw(status, calls.Votes), cancellation));
        }

        return files;
    }

    private static string Draw(GoalStatus status, StepVotes votes)
    {
        var parts = votes.Parts;
        var chart = new SvgChart(
            $"votes a step: {PlainText.Line(status.Objective, 60)}", "step", (0, votes.Steps), (0, Math.Max(1, parts.Max(part => part.Most))));
        chart.Staircase(votes.IsWhole ? "" : "mean", [.. parts.Select(part => ((double)part.First, part.Mean))], votes.Steps);
        if (!votes.IsWhole)
        {
            chart.Staircase("most", [.. parts.Select(part => ((double)part.First, (double)part.Most))], votes.Steps);
        }

        return chart.ToString();
    }

    /// <summary>Writes beside and renames, so that a crash leaves no half a file under the name.</summary>
    private static async Task<string> WriteAsync(string folder, string name, string text, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        await File.WriteAllTextAsync(path + ".new", text, cancellation);
        File.Move(path + ".new", path, overwrite: true);
        return path;
    }
}

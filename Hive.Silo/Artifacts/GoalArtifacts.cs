using System.Collections.Immutable;
using Hive.Client;
using Hive.Evaluators.Builtin;
using Hive.Goals;
using Hive.Silo.Display;
using Hive.Spaces;

namespace Hive.Silo.Artifacts;

/// <summary>Files for people to look at, written when a goal has ended: how it got there, and the outcome itself where its evaluator can draw it.</summary>
internal static class GoalArtifacts
{
    /// <summary>Writes a goal's artifacts into a folder.</summary>
    /// <returns>The paths of what was written.</returns>
    public static async Task<ImmutableArray<string>> WriteAsync(IHive hive, GoalStatus status, string folder, CancellationToken cancellation)
    {
        var story = new GoalStory(status.Id);
        await foreach (var entry in hive.WatchAsync(status.Id, 0, cancellation).WithCancellation(cancellation))
        {
            if (entry.Read() is { } happened)
            {
                story.Tell(entry, happened);
            }
        }

        var files = ImmutableArray.CreateBuilder<string>();
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

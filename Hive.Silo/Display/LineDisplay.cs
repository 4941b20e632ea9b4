using Hive.Client;
using Hive.Goals;

namespace Hive.Silo.Display;

/// <summary>A line for each thing worth telling: what a log file or a pipe wants.</summary>
internal sealed class LineDisplay(TextWriter error, string options) : GoalDisplay
{
    public override async Task FollowAsync(IHive hive, string goal, CancellationToken cancellation)
    {
        var story = new GoalStory(goal, options);
        await foreach (var entry in hive.WatchAsync(goal, 0, cancellation).WithCancellation(cancellation))
        {
            if (entry.Read() is { } happened && story.Tell(entry, happened) is { } line)
            {
                await error.WriteLineAsync(line.AsMemory(), cancellation);
            }
        }
    }
}

using Hive.Research;
using Spectre.Console;

namespace Hive.Silo.Research;

/// <summary>Shows a campaign's progress while it runs.</summary>
internal abstract class ResearchDisplay
{
    /// <summary>A live picture on a terminal, plain lines elsewhere.</summary>
    /// <param name="error">Standard error.</param>
    /// <param name="direction">Which way is better.</param>
    /// <param name="id">The campaign's id.</param>
    public static ResearchDisplay Create(TextWriter error, Direction direction, string id)
    {
        var terminal = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
        return terminal
            ? new LiveResearchDisplay(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) }), direction, id)
            : new LineResearchDisplay(error, direction, id);
    }

    /// <summary>Follows a campaign until nobody works on it any more.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="cancellation">Stops following.</param>
    public abstract Task FollowAsync(ICampaignGrain campaign, CancellationToken cancellation);
}

/// <summary>A line for whatever is worth one.</summary>
internal sealed class LineResearchDisplay(TextWriter error, Direction direction, string id) : ResearchDisplay
{
    public override async Task FollowAsync(ICampaignGrain campaign, CancellationToken cancellation)
    {
        var story = new ResearchStory();
        story.Know(direction);
        await error.WriteLineAsync($"campaign {id}".AsMemory(), cancellation);
        await foreach (var entry in campaign.WatchAsync(0, cancellation).WithCancellation(cancellation))
        {
            if (story.Tell(entry) is { } line) await error.WriteLineAsync(line.AsMemory(), cancellation);
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using Hive.Research;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hive.Silo.Research;

/// <summary>A picture that lives: how far the campaign is, its leaders, and what most agents do of late.</summary>
internal sealed class LiveResearchDisplay(IAnsiConsole console, Direction direction, string id) : ResearchDisplay
{
    private const int Places = 8;
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(250);

    public override Task FollowAsync(ICampaignGrain campaign, CancellationToken cancellation) =>
        console.Live(new Text("starting")).StartAsync(async context =>
        {
            var story = new ResearchStory();
            story.Know(direction);
            var drawn = Stopwatch.StartNew();
            await foreach (var entry in campaign.WatchAsync(0, cancellation).WithCancellation(cancellation))
            {
                story.Tell(entry);
                if (drawn.Elapsed < Frame) continue;
                context.UpdateTarget(Picture(story));
                drawn.Restart();
            }

            context.UpdateTarget(Picture(story));
        });

    private Panel Picture(ResearchStory story)
    {
        var facts = new Spectre.Console.Grid().AddColumn().AddColumn();
        facts.AddRow("[grey]campaign[/]", Markup.Escape(id));
        facts.AddRow("[grey]experiments[/]", string.Create(CultureInfo.InvariantCulture, $"{story.Experiments:N0} of {story.Wanted:N0}, {story.Checks:N0} checks, {story.Failures:N0} failures"));
        facts.AddRow("[grey]best told[/]", story.Best is { } best ? $"[bold]{CampaignOutcome.Number(best)}[/]" : "none yet");
        return new Panel(new Rows(facts, Leaders(story), Adoption(story))).Header($"research on {Markup.Escape(story.Domain)}").Expand();
    }

    private static Table Leaders(ResearchStory story)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("[grey]leader[/]", "[grey]best[/]", "[grey]with[/]");
        foreach (var (agent, value, technique) in story.Leaders.Take(Places))
        {
            table.AddRow(new Text(CampaignOutcome.NameOf(agent)), new Text(CampaignOutcome.Number(value)), new Text(technique.Length <= 90 ? technique : technique[..90] + "…"));
        }

        return table;
    }

    private static IRenderable Adoption(ResearchStory story)
    {
        var latest = story.Latest.ToArray();
        if (latest.Length == 0) return new Text("");
        var shares = latest.SelectMany(techniques => techniques).GroupBy(technique => technique).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Take(Places);
        var table = new Table().Border(TableBorder.None).AddColumns("[grey]of late[/]", "[grey]agents[/]");
        foreach (var group in shares) table.AddRow(new Text(group.Key), new Text(string.Create(CultureInfo.InvariantCulture, $"{group.Count()} of {latest.Length}")));
        return table;
    }
}

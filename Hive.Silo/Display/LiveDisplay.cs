using System.Diagnostics;
using System.Globalization;
using Hive.Client;
using Hive.Goals;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hive.Silo.Display;

/// <summary>A picture that lives: how far the budget is used, the best so far, the strategies, the latest lines.</summary>
internal sealed class LiveDisplay(IAnsiConsole console, string options) : GoalDisplay
{
    private const int Lines = 6;
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(250);

    private readonly Queue<string> _latest = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private GoalStatus? _status;

    public override Task FollowAsync(IHive hive, string goal, CancellationToken cancellation) =>
        console.Live(new Text("starting")).StartAsync(async context =>
        {
            var story = new GoalStory(goal, options);
            using var stopDrawing = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var drawing = DrawAsync(context, hive, goal, story, stopDrawing.Token);
            try
            {
                await foreach (var entry in hive.WatchAsync(goal, 0, cancellation).WithCancellation(cancellation))
                {
                    if (entry.Read() is { } happened && story.Tell(entry, happened) is { } line)
                    {
                        Remember(line);
                    }
                }
            }
            finally
            {
                await stopDrawing.CancelAsync();
                await drawing;
            }

            _status = await hive.GetAsync(goal, cancellation);
            context.UpdateTarget(Picture(story));
        });

    private async Task DrawAsync(LiveDisplayContext context, IHive hive, string goal, GoalStory story, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Frame);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                _status = await hive.GetAsync(goal, stop);
                context.UpdateTarget(Picture(story));
            }
        }
        catch (OperationCanceledException)
        {
            // The last picture is drawn by the follower.
        }
    }

    private void Remember(string line)
    {
        lock (_latest)
        {
            _latest.Enqueue(line);
            if (_latest.Count > Lines)
            {
                _latest.Dequeue();
            }
        }
    }

    private IRenderable Picture(GoalStory story)
    {
        if (story.Spec is not { } spec || _status is not { } status)
        {
            return new Text("starting");
        }

        string[] latest;
        lock (_latest)
        {
            latest = [.. _latest];
        }

        var facts = new Spectre.Console.Grid().AddColumn().AddColumn();
        facts.AddRow("[grey]goal[/]", $"{Markup.Escape(status.Id)}  [grey]{status.State.ToString().ToLowerInvariant()}{(status.Cognition is null ? $", round {story.Round}" : "")}[/]");
        if (status.Cognition is { } cognition)
        {
            CognitionPicture.AddFacts(facts, story, status, cognition);
            facts.AddRow("[grey]seconds[/]", Share(status.Seconds, spec.Budget.Seconds, "F0"));
        }
        else
        {
            facts.AddRow("[grey]best[/]", $"[bold]{Markup.Escape(spec.Metric!.Name)} {GoalStory.Number(story.Best)}[/]{Target(spec)}");
            facts.AddRow("[grey]evaluations[/]", Share(status.Evaluations, spec.Budget.Evaluations, "N0"));
            facts.AddRow("[grey]seconds[/]", Share(_watch.Elapsed.TotalSeconds, spec.Budget.Seconds, "F0"));
            facts.AddRow("[grey]attempts[/]", string.Create(CultureInfo.InvariantCulture, $"{story.AttemptsDone:N0} done, {story.AttemptsFailed:N0} failed"));
        }

        if (story.Waiting is { } waiting)
        {
            facts.AddRow("[grey]waits[/]", $"[yellow]{Markup.Escape(waiting)}[/]");
        }

        var table = status.Cognition is { } brains ? CognitionPicture.Tasks(brains) : Strategies(status);
        return new Panel(new Rows(facts, table, new Rows(latest.Select(line => new Text(line, new Style(Color.Grey))))))
            .Header(Markup.Escape(spec.Objective.Length <= 90 ? spec.Objective : spec.Objective[..90] + "…"))
            .Expand();
    }

    private static Table Strategies(GoalStatus status)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("[grey]strategy[/]", "[grey]attempts[/]", "[grey]best[/]");
        foreach (var strategy in status.Strategies)
        {
            table.AddRow(Markup.Escape(strategy.Name), strategy.Attempts.ToString(CultureInfo.InvariantCulture), GoalStory.Number(strategy.Best));
        }

        return table;
    }

    private static string Target(GoalSpec spec) => spec.Metric?.Target is { } target ? $"  [grey]target {GoalStory.Number(target)}[/]" : "";

    /// <summary>How much of a bound is used, as a bar.</summary>
    internal static string Share(double used, double? of, string format)
    {
        const int Width = 30;
        var text = used.ToString(format, CultureInfo.InvariantCulture);
        if (of is not { } all)
        {
            return text;
        }

        var filled = (int)Math.Clamp(Math.Round(used / all * Width), 0, Width);
        return $"[green]{new string('━', filled)}[/][grey]{new string('━', Width - filled)}[/] {text} of {all.ToString(format, CultureInfo.InvariantCulture)}";
    }
}

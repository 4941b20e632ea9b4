using Hive.Client;
using Hive.Goals;
using Hive.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hive.Silo.Hosting;

/// <summary>Goes on with goals that lie still without having ended, for as long as the hub is up: those that a crash left unfinished, and those that the database or another process held up.</summary>
internal sealed partial class GoalResumer(IHive hive, IGoalLog log, TimeProvider time, ILogger<GoalResumer> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private static readonly string[] Unfinished = [.. Enum.GetValues<GoalState>().Where(state => !state.IsEnd()).Select(state => state.ToString())];

    /// <summary>What was told of a goal that cannot be gone on with: once is enough.</summary>
    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                await ResumeAllAsync(stoppingToken);
            }
            catch (StorageException e)
            {
                LogNotListed(e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ResumeAllAsync(CancellationToken cancellation)
    {
        foreach (var state in Unfinished)
        {
            foreach (var goal in await log.ListAsync(state, GoalLogLimits.ListLength, cancellation))
            {
                await ResumeAsync(goal.Id, cancellation);
            }
        }
    }

    private async Task ResumeAsync(string goal, CancellationToken cancellation)
    {
        try
        {
            await hive.ResumeAsync(goal, cancellation);
            _told.Remove(goal);
        }
        catch (Exception e) when (e is GoalHistoryException or GoalBusyException or StorageException or OrleansException or TimeoutException)
        {
            if (!_told.TryGetValue(goal, out var before) || before != e.Message)
            {
                _told[goal] = e.Message;
                LogNotResumed(e, goal);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Goal {Goal} was not resumed; it is tried again")]
    private partial void LogNotResumed(Exception e, string goal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Unfinished goals were not looked for: {Reason}")]
    private partial void LogNotListed(string reason);
}

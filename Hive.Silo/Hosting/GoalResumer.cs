using Hive.Client;
using Hive.Goals;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hive.Silo.Hosting;

/// <summary>Goes on with the goals that a crash left unfinished, once the hub is up.</summary>
internal sealed partial class GoalResumer(IHive hive, ILogger<GoalResumer> logger) : BackgroundService
{
    private const int MaxGoals = 10_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var goal in await hive.ListAsync(MaxGoals, stoppingToken))
        {
            if (!goal.State.IsEnd())
            {
                try
                {
                    await hive.ResumeAsync(goal.Id, stoppingToken);
                }
                catch (Exception e) when (e is GoalHistoryException or GoalBusyException or OrleansException or TimeoutException)
                {
                    LogNotResumed(e, goal.Id);
                }
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Goal {Goal} was not resumed")]
    private partial void LogNotResumed(Exception e, string goal);
}

using Hive.Brains;
using Hive.Brains.Scripted;
using Hive.Client;
using Hive.Goals;
using Hive.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hive.Silo.Tests.Cognition;

/// <summary>Goals that run to their end with scripted brains and nothing else.</summary>
public sealed class ScriptedGoalTests
{
    [Fact]
    public async Task A_goal_of_several_tasks_judged_by_critics_is_done()
    {
        var objective = string.Join(' ', Enumerable.Range(0, 6).Select(n => SimulatedTask.Token(5, n)));
        var status = await RunAsync(BrainScript.OfTiers(accuracy: 1), $$"""{"objective": "{{objective}}", "check": {"critics": { } }, "budget": {"tokens": 1000000} }""");
        Assert.Equal(GoalState.Done, status.State);
        Assert.All(Enumerable.Range(0, 6), n => Assert.True(SimulatedTask.IsRight(5, n, status.Cognition!.Answer!), status.Cognition.Answer));
    }

    [Fact]
    public async Task A_question_decided_by_votes_is_answered_right_by_brains_that_err()
    {
        var status = await RunAsync(
            BrainScript.OfTiers(accuracy: 0.8),
            """{"objective": "What is 17 × 24?", "check": {"votes": {"answer": {"pattern": "-?[0-9]+"}, "reliability": 0.999}}, "budget": {"tokens": 1000000} }""");
        Assert.Equal(GoalState.Done, status.State);
        Assert.Equal("408", status.Cognition?.Answer);
    }

    private static async Task<GoalStatus> RunAsync(BrainScript script, string goal)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<IBrains>(new ScriptedBrains(script, TimeProvider.System));
        builder.AddHive(options => (options.Database, options.ResumeGoals) = (HiveOptions.InMemory, false));
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var hive = host.Services.GetRequiredService<IHive>();
        var id = await hive.SubmitAsync(GoalFile.Parse(goal), cancellation: TestContext.Current.CancellationToken);
        var status = await hive.WaitAsync(id, TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
        return status;
    }
}

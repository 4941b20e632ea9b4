using Hive.Client;
using Hive.Goals;
using Hive.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hive.Silo.Tests;

/// <summary>A silo inside somebody's own application, as the README shows it.</summary>
public sealed class EmbeddingTests
{
    [Fact]
    public async Task An_application_hosts_a_silo_and_runs_a_goal()
    {
        using var folder = new TemporaryFolder();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddHive(options => options.Database = Path.Combine(folder.Path, ".hive"));
        var host = builder.Build();
        await using var disposing = (IAsyncDisposable)host;
        await host.StartAsync();

        var hive = host.Services.GetRequiredService<IHive>();
        var id = await hive.SubmitAsync(GoalFile.Parse(Commands.Goals.Small));
        var kinds = new List<string>();
        await foreach (var entry in hive.WatchAsync(id))
        {
            kinds.Add(entry.Kind);
        }

        var status = await hive.WaitAsync(id);
        Assert.Equal(GoalState.Done, status.State);
        Assert.Equal("accepted", kinds[0]);
        Assert.Contains("outcome", kinds);
        Assert.Equal(id, Assert.Single(await hive.ListAsync()).Id);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_hub_goes_on_by_itself_with_goals_that_were_left_unfinished()
    {
        using var folder = new TemporaryFolder();
        folder.Write("goal.json", Commands.Goals.Long.Replace("1500000", "400000", StringComparison.Ordinal));
        await using (var run = HiveProcess.Start(folder.Path, line => line.Contains("round 2", StringComparison.Ordinal), "run", "goal.json", "--id", "left"))
        {
            await run.Seen;
            run.Kill();
        }

        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddHive(options => options.Database = Path.Combine(folder.Path, ".hive"));
        var host = builder.Build();
        await using var disposing = (IAsyncDisposable)host;
        await host.StartAsync();
        var hive = host.Services.GetRequiredService<IHive>();
        await foreach (var _ in hive.WatchAsync("left"))
        {
        }

        // The hub's own start resumes the goal; a resume by hand beside it changes nothing.
        await hive.ResumeAsync("left");
        Assert.Equal(GoalState.Done, (await hive.WaitAsync("left")).State);
        await host.StopAsync();
    }

    [Theory]
    [InlineData("a b", "worker", 1)]
    [InlineData("a", "desktop", 1)]
    [InlineData("a", "worker", 0)]
    public void Options_out_of_range_are_refused_at_once(string name, string tier, int cores) =>
        Assert.Throws<ArgumentException>(() => Host.CreateEmptyApplicationBuilder(null).AddHive(options => (options.Name, options.Tier, options.Cores) = (name, tier, cores)));
}

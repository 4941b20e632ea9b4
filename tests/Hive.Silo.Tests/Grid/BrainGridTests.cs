using Hive.Client.Grid;
using Hive.Goals;
using Hive.Silo.Hosting;
using Hive.Silo.Tests.Commands;
using Hive.Testing;

namespace Hive.Silo.Tests.Grid;

/// <summary>Goals for brains on a grid: the hub has no brain, a silo has; people look after the goal from elsewhere.</summary>
public sealed class BrainGridTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_goal_asks_the_brains_of_a_silo_and_a_person_elsewhere_approves()
    {
        await using var nats = await NatsServer.StartAsync(cancellation: Cancellation);
        await using var brains = await BrainGoals.ServeAsync();
        await using var hub = await StartAsync(nats, isHub: true);
        await using var silo = await StartAsync(nats, isHub: false, HiveFile.Find(_folder.Write("hive.json", BrainGoals.FileOf(brains)), _folder.Path));
        await using var hive = await GridHive.ConnectAsync(new GridOptions { Server = nats.Location }, cancellation: Cancellation);
        var goal = await hive.SubmitAsync(GoalFile.Parse(BrainGoals.Weighty), "weighty", Cancellation);
        await AskedAsync(hive, goal);
        var (approved, _, told) = await HiveProcess.RunAsync(_folder.Path, "goal", "approve", "weighty", "--because", "it is right", "--connect", nats.Location);
        Assert.True(approved == 0, told);
        var status = await hive.WaitAsync(goal, Cancellation);
        Assert.Equal((GoalState.Done, "408"), (status.State, status.Cognition!.Answer));
        Assert.Contains("@edge-silo/", Assert.Single(status.Cognition.Evidence).Author, StringComparison.Ordinal);
        var given = new List<ApprovalGiven>();
        await foreach (var entry in hive.WatchAsync(goal, cancellation: Cancellation))
        {
            if (entry.Read() is ApprovalGiven approval)
            {
                given.Add(approval);
            }
        }

        Assert.Equal(new ApprovalGiven("answer", true, GridApi.Administrator, "it is right"), Assert.Single(given));
    }

    [Fact]
    public async Task An_exhausted_goal_of_a_grid_goes_on_with_more_budget_and_pays_for_nothing_twice()
    {
        await using var nats = await NatsServer.StartAsync(cancellation: Cancellation);
        await using var brains = await BrainGoals.ServeAsync();
        await using var hub = await StartAsync(nats, isHub: true, HiveFile.Find(_folder.Write("hive.json", BrainGoals.FileOf(brains)), _folder.Path));
        await using var hive = await GridHive.ConnectAsync(new GridOptions { Server = nats.Location }, cancellation: Cancellation);
        var goal = await hive.SubmitAsync(GoalFile.Parse(BrainGoals.Short), "short", Cancellation);
        Assert.Equal(GoalState.Exhausted, (await hive.WaitAsync(goal, Cancellation)).State);
        await Assert.ThrowsAsync<ArgumentException>(() => hive.AddBudgetAsync(goal, """{"evaluations": 5}""", Cancellation));
        var (status, output, error) = await HiveProcess.RunAsync(_folder.Path, "goal", "resume", "short", "--add-budget", "worker=50", "--connect", nats.Location);
        Assert.True(status == 0, error);
        Assert.Contains("408", output, StringComparison.Ordinal);
        Assert.All(brains.Ledger.BilledByKey.Values, times => Assert.Equal(1, times));
        Assert.Equal(0, brains.Ledger.BilledWithoutKey);
    }

    private static Task<RunningSilo> StartAsync(NatsServer nats, bool isHub, HiveFile? file = null) => RunningSilo.StartAsync(
        options =>
        {
            (options.Name, options.Tier, options.IsHub) = isHub ? ("hub", "worker", true) : ("edge-silo", "edge", false);
            (options.Database, options.Grid, options.File) = (HiveOptions.InMemory, new GridOptions { Server = nats.Location }, file);
        },
        Cancellation);

    /// <summary>Waits until the goal asks a person.</summary>
    private static async Task AskedAsync(GridHive hive, string goal)
    {
        await foreach (var entry in hive.WatchAsync(goal, cancellation: Cancellation))
        {
            if (entry.Read() is ApprovalAsked)
            {
                return;
            }
        }
    }
}

using Hive.Storage;
using Hive.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace Hive.Tests.Storage;

/// <summary>Counts in a persistent state.</summary>
public interface ITallyGrain : IGrainWithStringKey
{
    Task<int> AddAsync(int number);

    Task RemindAsync(string name);

    Task<int> CountRemindersAsync();
}

public sealed class TallyGrain([PersistentState("tally", "hive")] IPersistentState<TallyState> state) : Grain, ITallyGrain, IRemindable
{
    public async Task<int> AddAsync(int number)
    {
        state.State.Sum += number;
        await state.WriteStateAsync();
        return state.State.Sum;
    }

    public async Task RemindAsync(string name) => await this.RegisterOrUpdateReminder(name, TimeSpan.FromHours(1), TimeSpan.FromHours(1));

    public async Task<int> CountRemindersAsync() => (await this.GetReminders()).Count;

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}

public sealed class TallyState
{
    public int Sum { get; set; }
}

public sealed class StorageHostingTests : IAsyncLifetime
{
    private readonly string _directory = TemporaryDirectory.Create("hive-hosting");

    private HiveDatabase _database = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _database = await HiveDatabase.OpenAsync(Path.Combine(_directory, "hive.db"), cancellation: Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        TemporaryDirectory.Delete(_directory);
    }

    [Fact]
    public async Task Acknowledged_states_and_reminders_outlive_a_silo_that_is_killed()
    {
        await using (var first = await StartAsync())
        {
            var grain = first.Client.GetGrain<ITallyGrain>("a");
            await grain.AddAsync(2);
            await grain.AddAsync(3);
            await grain.RemindAsync("deadline");
            await first.KillSiloAsync(first.Silos[0]);
        }

        await using var second = await StartAsync();
        var again = second.Client.GetGrain<ITallyGrain>("a");
        Assert.Equal(1, await again.CountRemindersAsync());
        Assert.Equal(6, await again.AddAsync(1));
    }

    private async Task<InProcessTestCluster> StartAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(_database);
            silo.AddHiveGrainStorage("hive").UseHiveReminderService();
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }
}

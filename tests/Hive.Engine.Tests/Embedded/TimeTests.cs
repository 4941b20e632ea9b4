using FsCheck.Fluent;
using Hive.Engine.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace Hive.Engine.Tests.Embedded;

public interface ISleeper : IGrainWithStringKey
{
    Task<Guid> Self();

    Task<Guid> Keep(TimeSpan time);

    Task StartTimer(Guid gate, TimeSpan due, TimeSpan period, bool keepAlive);

    Task StopTimer();

    Task<int> Ticks();

    Task Hang(Guid begun);
}

public sealed class SleeperGrain : Grain, ISleeper
{
    private readonly Guid _self = Guid.NewGuid();
    private IGrainTimer? _timer;
    private bool _isTicking;
    private int _ticks;

    public Task<Guid> Self() => Task.FromResult(_self);

    public Task<Guid> Keep(TimeSpan time)
    {
        DelayDeactivation(time);
        return Self();
    }

    public Task StartTimer(Guid gate, TimeSpan due, TimeSpan period, bool keepAlive)
    {
        var options = new GrainTimerCreationOptions(due, period) { KeepAlive = keepAlive };
        _timer = this.RegisterGrainTimer(
            async (state, token) =>
            {
                if (_isTicking) throw new InvalidOperationException("Two ticks at once.");
                _isTicking = true;
                await Task.Yield();
                _isTicking = false;
                _ticks++;
                _ = OpenWhenTicked(state);
            },
            gate,
            options);
        return Task.CompletedTask;
    }

    // The turn after this one finds the tick ended, and the timer set for the next.
    private static async Task OpenWhenTicked(Guid gate)
    {
        await Task.Yield();
        Gates.Open(gate);
    }

    public Task StopTimer()
    {
        _timer?.Dispose();
        return Task.CompletedTask;
    }

    public Task<int> Ticks() => Task.FromResult(_ticks);

    public Task Hang(Guid begun)
    {
        Gates.Open(begun);
        return new TaskCompletionSource().Task;
    }
}

public sealed class TimeTests
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(10);

    [Fact]
    public void A_caller_is_told_of_a_time_out_not_before_its_time_and_soon_after() => Property.ForAll(
        Gen.Choose(1, 120), 8, async seconds =>
        {
            var time = new ManualTime();
            var timeout = TimeSpan.FromSeconds(seconds);
            await using var cluster = await StartAsync(time, silo => { }, timeout);
            var grain = cluster.Client.GetGrain<ISleeper>("a");
            await grain.Self();
            var gate = Guid.NewGuid();
            var begun = Gates.WhenOpen(gate);
            var call = grain.Hang(gate);
            await begun;
            var waiting = grain.Self();
            time.Advance(timeout - TimeSpan.FromMilliseconds(1));
            Assert.False(call.IsCompleted || waiting.IsCompleted);
            await Assert.ThrowsAsync<TimeoutException>(() => time.AdvanceUntilAsync(call, TimeSpan.FromSeconds(1)));
            await Assert.ThrowsAsync<TimeoutException>(() => time.AdvanceUntilAsync(waiting, TimeSpan.FromSeconds(1)));
        });

    [Fact]
    public void An_idle_grain_is_collected_and_a_used_one_is_not() => Property.ForAll(
        Gen.Choose(0, 20).ArrayOf(8), 10, async minutes =>
        {
            var time = new ManualTime();
            await using var cluster = await StartAsync(time);
            var grain = cluster.Client.GetGrain<ISleeper>("a");
            var self = await grain.Self();
            foreach (var pause in minutes.Select(pause => TimeSpan.FromMinutes(pause)))
            {
                time.Advance(pause);

                // What is neither clearly younger than the age nor clearly older may be either.
                if (pause > Age + TimeSpan.FromMinutes(3)) await time.AdvanceUntilAsync(cluster.WaitForDeactivationAsync(grain), TimeSpan.FromMinutes(1));
                var now = await grain.Self();
                if (pause < Age) Assert.Equal(self, now);
                if (pause > Age + TimeSpan.FromMinutes(3)) Assert.NotEqual(self, now);
                self = now;
            }
        });

    [Fact]
    public async Task A_grain_that_asks_to_be_kept_is_kept_for_as_long()
    {
        var time = new ManualTime();
        await using var cluster = await StartAsync(time);
        var grain = cluster.Client.GetGrain<ISleeper>("a");
        var self = await grain.Keep(TimeSpan.FromHours(2));
        time.Advance(TimeSpan.FromHours(1.8));
        Assert.Equal(self, await grain.Self());
        await time.AdvanceUntilAsync(cluster.WaitForDeactivationAsync(grain), TimeSpan.FromHours(0.5));
        Assert.NotEqual(self, await grain.Self());
    }

    [Fact]
    public async Task State_survives_collection()
    {
        var time = new ManualTime();
        await using var cluster = await StartAsync(time);
        var grain = cluster.Client.GetGrain<INotebook>("a");
        await grain.Set("kept");
        var collected = cluster.WaitForDeactivationAsync(grain);
        Assert.False(collected.IsCompleted);
        await time.AdvanceUntilAsync(collected, Age);
        Assert.Equal("kept", await grain.Get());
    }

    [Fact]
    public void Grains_that_come_and_go_are_not_remembered() => Property.ForAll(
        Gen.Choose(1, 300), 5, async count =>
        {
            var time = new ManualTime();
            await using var cluster = await StartAsync(time);
            var gone = new List<Task>();
            for (var i = 0; i < count; i++)
            {
                var grain = cluster.Client.GetGrain<ILife>($"{Guid.NewGuid():N}");
                await grain.Self();
                time.Advance(TimeSpan.FromSeconds(2));
                gone.Add(cluster.WaitForDeactivationAsync(grain));
                await grain.Leave();
            }

            await Task.WhenAll(gone);
            time.Advance(TimeSpan.FromSeconds(2));
            var silo = cluster.GetSiloServiceProvider().GetRequiredService<Silo>();
            Assert.Empty(silo.Activations());
            Assert.All(silo.Classes, static grainClass => Assert.Empty(grainClass.IdleQueue));
        });

    [Fact]
    public async Task A_timer_ticks_at_its_times_until_it_is_disposed_of()
    {
        var time = new ManualTime();
        await using var cluster = await StartAsync(time);
        var grain = cluster.Client.GetGrain<ISleeper>("a");
        var gate = Guid.NewGuid();
        await grain.StartTimer(gate, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), keepAlive: false);
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(0, await grain.Ticks());
        for (var tick = 1; tick <= 20; tick++)
        {
            var ticked = Gates.WhenOpen(gate);
            time.Advance(TimeSpan.FromSeconds(tick == 1 ? 0.1 : 2));
            await ticked;
            Assert.Equal(tick, await grain.Ticks());
        }

        await grain.StopTimer();
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(20, await grain.Ticks());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_timer_keeps_its_grain_only_if_it_is_told_to(bool keepAlive)
    {
        var time = new ManualTime();
        await using var cluster = await StartAsync(time);
        var grain = cluster.Client.GetGrain<ISleeper>("a");
        var gate = Guid.NewGuid();
        var self = await grain.Self();
        await grain.StartTimer(gate, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), keepAlive);
        var gone = cluster.WaitForDeactivationAsync(grain);
        for (var minute = 0; minute < 30 && !gone.IsCompleted; minute++)
        {
            var ticked = Gates.WhenOpen(gate);
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.WhenAny(ticked, gone);
        }

        Assert.Equal(keepAlive, !gone.IsCompleted);
        Assert.Equal(keepAlive, self == await grain.Self());
    }

    internal static async Task<InProcessTestCluster> StartAsync(ManualTime time, Action<ISiloBuilder>? configure = null, TimeSpan? responseTimeout = null, short silos = 1)
    {
        var builder = TestClusters.Builder(silos, silo =>
        {
            silo.Services.AddSingleton<TimeProvider>(time);
            silo.Configure<GrainCollectionOptions>(options => options.CollectionAge = Age);
            silo.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(1));
            configure?.Invoke(silo);
        });
        builder.ConfigureClient(client =>
        {
            client.Services.AddSingleton<TimeProvider>(time);
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = responseTimeout ?? TimeSpan.FromSeconds(30));
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }
}

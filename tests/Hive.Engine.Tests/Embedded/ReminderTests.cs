using System.Collections.Concurrent;
using FsCheck.Fluent;
using Hive.Engine.Tests.Support;
using Orleans.TestingHost;

namespace Hive.Engine.Tests.Embedded;

public interface IForgetful : IGrainWithGuidKey
{
    Task Remind(string name, TimeSpan due, TimeSpan period);

    Task Forget(string name);

    Task<List<string>> Reminders();

    Task Leave();
}

/// <summary>Counts its ticks where they outlive it; opens the gate of its key at each.</summary>
public sealed class ForgetfulGrain : Grain, IForgetful, IRemindable
{
    public static readonly ConcurrentDictionary<Guid, ConcurrentQueue<(string Name, TickStatus Status)>> Ticks = new();

    public async Task Remind(string name, TimeSpan due, TimeSpan period) => await this.RegisterOrUpdateReminder(name, due, period);

    public async Task Forget(string name)
    {
        if (await this.GetReminder(name) is { } reminder) await this.UnregisterReminder(reminder);
    }

    public async Task<List<string>> Reminders() => [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName).Order()];

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Ticks.GetOrAdd(this.GetPrimaryKey(), static _ => new()).Enqueue((reminderName, status));
        Gates.Open(this.GetPrimaryKey());
        return Task.CompletedTask;
    }
}

public sealed class ReminderTests
{
    [Fact]
    public void Reminders_tick_at_their_times_whether_or_not_the_grain_is_active() => Property.ForAll(
        Gen.Choose(1, 90).Two(), 8, async pair =>
        {
            var (due, period) = (TimeSpan.FromSeconds(pair.Item1), TimeSpan.FromSeconds(pair.Item2));
            var time = new ManualTime();
            await using var cluster = await TimeTests.StartAsync(time);
            var id = Guid.NewGuid();
            var grain = cluster.Client.GetGrain<IForgetful>(id);
            var begin = time.GetUtcNow().UtcDateTime;
            await grain.Remind("r", due, period);
            for (var tick = 0; tick < 5; tick++)
            {
                await grain.Leave();
                await TickAsync(time, id, tick == 0 ? due : period);
            }

            // A tick that would find the one before still running is left out; those that come are at their times, and each once.
            var ticks = ForgetfulGrain.Ticks[id].Select(tick => (tick.Status.CurrentTickTime - begin - due) / period).ToList();
            Assert.Equal(0, ticks[0]);
            Assert.All(ticks, static tick => Assert.Equal(Math.Round(tick), tick));
            Assert.Equal(ticks.Distinct().Order(), ticks);
        });

    [Fact]
    public async Task A_reminder_that_is_removed_does_not_tick_and_others_do()
    {
        var time = new ManualTime();
        await using var cluster = await TimeTests.StartAsync(time);
        var id = Guid.NewGuid();
        var grain = cluster.Client.GetGrain<IForgetful>(id);
        await grain.Remind("kept", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        await grain.Remind("removed", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        Assert.Equal(["kept", "removed"], await grain.Reminders());
        await grain.Forget("removed");
        Assert.Equal(["kept"], await grain.Reminders());
        for (var i = 0; i < 3; i++) await TickAsync(time, id, TimeSpan.FromSeconds(10));
        Assert.All(ForgetfulGrain.Ticks[id], static tick => Assert.Equal("kept", tick.Name));
    }

    [Fact]
    public async Task Reminders_go_on_when_the_silo_that_ticked_is_killed()
    {
        var time = new ManualTime();
        await using var cluster = await TimeTests.StartAsync(time, silos: 2);
        var id = Guid.NewGuid();
        await cluster.Client.GetGrain<IForgetful>(id).Remind("r", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        await TickAsync(time, id, TimeSpan.FromSeconds(10));
        await cluster.KillSiloAsync(cluster.Silos[0]);
        for (var i = 0; i < 3; i++) await TickAsync(time, id, TimeSpan.FromSeconds(10));
        Assert.Equal(ForgetfulGrain.Ticks[id].Count, ForgetfulGrain.Ticks[id].Distinct().Count());
    }

    [Fact]
    public async Task A_period_that_is_too_short_is_refused()
    {
        await using var cluster = await TimeTests.StartAsync(new ManualTime());
        var grain = cluster.Client.GetGrain<IForgetful>(Guid.NewGuid());
        await Assert.ThrowsAsync<ArgumentException>(() => grain.Remind("r", TimeSpan.Zero, TimeSpan.FromMilliseconds(1)));
        Assert.Empty(await grain.Reminders());
    }

    private static async Task TickAsync(ManualTime time, Guid gate, TimeSpan advance)
    {
        var ticked = Gates.WhenOpen(gate);
        await time.AdvanceUntilAsync(ticked, advance);
    }
}

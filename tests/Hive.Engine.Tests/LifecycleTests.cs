using System.Collections.Concurrent;
using FsCheck.Fluent;
using Hive.Engine.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Hive.Engine.Tests;

public interface ILife : IGrainWithStringKey
{
    Task<Guid> Self();

    Task<Guid> LeaveAndTell();

    Task Leave();
}

/// <summary>Counts how many of each grain are active.</summary>
public sealed class LifeGrain : Grain, ILife
{
    public static readonly ConcurrentDictionary<string, int> Active = new();
    public static readonly ConcurrentDictionary<string, int> MostActive = new();
    private readonly Guid _self = Guid.NewGuid();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var now = Active.AddOrUpdate(this.GetPrimaryKeyString(), 1, static (_, count) => count + 1);
        MostActive.AddOrUpdate(this.GetPrimaryKeyString(), now, (_, most) => Math.Max(most, now));
        await Task.Yield();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await Task.Yield();
        Active.AddOrUpdate(this.GetPrimaryKeyString(), 0, static (_, count) => count - 1);
    }

    public Task<Guid> Self() => Task.FromResult(_self);

    public async Task<Guid> LeaveAndTell()
    {
        DeactivateOnIdle();
        await Task.Yield();
        return _self;
    }

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

public interface IStubborn : IGrainWithStringKey
{
    Task<int> Attempts();
}

/// <summary>Fails to activate as often as its key says.</summary>
public sealed class StubbornGrain : Grain, IStubborn
{
    private static readonly ConcurrentDictionary<string, int> Tries = new();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        var tried = Tries.AddOrUpdate(this.GetPrimaryKeyString(), 1, static (_, count) => count + 1);
        if (tried <= int.Parse(this.GetPrimaryKeyString().Split('/')[0])) throw new OddException($"attempt {tried}");
    }

    public Task<int> Attempts() => Task.FromResult(Tries[this.GetPrimaryKeyString()]);
}

public interface INotebook : IGrainWithStringKey
{
    Task Set(string value);

    Task SetWithoutWriting(string value);

    Task<string?> Get();

    Task<bool> IsStored();

    Task Clear();

    Task Leave();

    Task<string> WriteBehindItsBack(string value);
}

[GenerateSerializer, Alias("Hive.Engine.Tests.Note")]
public sealed class Note
{
    [Id(0)]
    public string? Value { get; set; }
}

public sealed class NotebookGrain(
    [PersistentState("note", TestClusters.Store)] IPersistentState<Note> note,
    [PersistentState("other")] IPersistentState<Note> other,
    IServiceProvider services) : Grain, INotebook
{
    public Task Set(string value)
    {
        note.State.Value = value;
        return note.WriteStateAsync();
    }

    public Task SetWithoutWriting(string value)
    {
        note.State.Value = value;
        return Task.CompletedTask;
    }

    public Task<string?> Get() => Task.FromResult(note.State.Value);

    public Task<bool> IsStored() => Task.FromResult(note.RecordExists || other.RecordExists);

    public Task Clear() => note.ClearStateAsync();

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task<string> WriteBehindItsBack(string value)
    {
        var storage = (IGrainStorage)((IKeyedServiceProvider)services).GetRequiredKeyedService(typeof(IGrainStorage), TestClusters.Store);
        var copy = new GrainState<Note>(new Note());
        await storage.ReadStateAsync("note", this.GetGrainId(), copy);
        copy.State!.Value = value;
        await storage.WriteStateAsync("note", this.GetGrainId(), copy);
        return copy.ETag!;
    }
}

public sealed class LifecycleTests : IAsyncLifetime
{
    private InProcessTestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await TestClusters.StartAsync(2);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public void A_grain_has_at_most_one_activation_however_often_it_leaves() => Property.ForAll(
        Gen.Choose(0, 4).ArrayOf().Select(steps => steps.Take(80).ToArray()), 40, async steps =>
        {
            var key = Guid.NewGuid().ToString("N");
            await Task.WhenAll(steps.Select(step => Task.Run(() => RunOrBeToldAsync(step switch
            {
                0 => Life(key).Leave(),
                1 => Life(key).LeaveAndTell(),
                _ => Life(key).Self(),
            }))));
            Assert.True(LifeGrain.MostActive.GetValueOrDefault(key) <= 1);
        });

    /// <summary>A call to a grain that leaves at this moment either runs or is refused, and the refusal says so.</summary>
    private static async Task RunOrBeToldAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (OrleansMessageRejectionException)
        {
            // Refused: it did not run.
        }
    }

    [Fact]
    public async Task A_grain_that_left_is_activated_anew_by_the_next_call()
    {
        var grain = Life("leaver");
        var first = await grain.LeaveAndTell();
        var second = await grain.Self();
        Assert.NotEqual(first, second);
        Assert.Equal(second, await grain.Self());
    }

    [Fact]
    public void A_grain_that_fails_to_activate_fails_its_callers_with_that_exception_and_is_tried_again() => Property.ForAll(
        Gen.Choose(0, 6), 20, async failures =>
        {
            var grain = _cluster.Client.GetGrain<IStubborn>($"{failures}/{Guid.NewGuid():N}");
            for (var attempt = 1; attempt <= failures; attempt++)
            {
                var failure = await Assert.ThrowsAsync<OddException>(() => grain.Attempts());
                Assert.Equal($"attempt {attempt}", failure.Message);
            }

            Assert.Equal(failures + 1, await grain.Attempts());
        });

    [Fact]
    public void What_was_written_outlives_the_activation_and_what_was_not_does_not() => Property.ForAll(
        Gen.Elements("write", "change", "clear", "leave").ArrayOf(), 60, async steps =>
        {
            var grain = _cluster.Client.GetGrain<INotebook>(Guid.NewGuid().ToString("N"));
            string? stored = null;
            string? current = null;
            foreach (var step in steps.Take(12))
            {
                var value = Guid.NewGuid().ToString("N");
                switch (step)
                {
                    case "write":
                        await grain.Set(value);
                        stored = current = value;
                        break;
                    case "change":
                        await grain.SetWithoutWriting(value);
                        current = value;
                        break;
                    case "clear":
                        await grain.Clear();
                        stored = current = null;
                        break;
                    default:
                        await grain.Leave();
                        current = stored;
                        break;
                }

                Assert.Equal(current, await grain.Get());
            }

            await grain.Leave();
            Assert.Equal(stored is not null, await grain.IsStored());
        });

    [Fact]
    public async Task A_stale_write_is_refused_and_the_grain_reads_afresh()
    {
        var grain = _cluster.Client.GetGrain<INotebook>("stale");
        await grain.Set("mine");
        await grain.WriteBehindItsBack("theirs");
        var refusal = await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Set("mine again"));
        Assert.NotEqual(refusal.StoredEtag, refusal.CurrentEtag);
        Assert.Equal("theirs", await grain.Get());
        await grain.Set("mine at last");
        Assert.Equal("mine at last", await grain.Get());
    }

    private ILife Life(string key) => _cluster.Client.GetGrain<ILife>(key);
}

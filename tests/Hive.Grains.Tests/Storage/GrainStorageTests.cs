using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Hive.Storage;
using Hive.Testing;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Hive.Tests.Storage;

public sealed class SqliteGrainStorageTests : GrainStorageContract, IDisposable
{
    private readonly string _directory = TemporaryDirectory.Create("hive-grains");

    public void Dispose() => TemporaryDirectory.Delete(_directory);

    protected override string Location => Path.Combine(_directory, "hive.db");
}

[Collection(nameof(PostgresTests))]
public sealed class PostgresGrainStorageTests(PostgresFixture postgres) : GrainStorageContract
{
    protected override string Location { get; } = postgres.NewLocation();
}

/// <summary>What the storage of grains promises, on each database.</summary>
public abstract class GrainStorageContract : IAsyncLifetime
{
    private HiveDatabase _database = null!;

    private HiveGrainStorage _storage = null!;

    private int _grains;

    private enum Operation
    {
        Read,
        Write,
        Clear,
    }

    protected abstract string Location { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await HiveDatabase.OpenAsync(Location, cancellation: Cancellation);
        _storage = new HiveGrainStorage(_database);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_write_succeeds_exactly_when_its_writer_knows_the_last_version_whatever_others_did()
    {
        var step =
            from operation in Gen.Elements(Operation.Read, Operation.Write, Operation.Write, Operation.Clear)
            from writer in Gen.Choose(0, 2)
            select (operation, writer);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(40),
            Prop.ForAll(Arb.From(Gen.ListOf(step, 25)), steps => FollowsTheModel(steps).GetAwaiter().GetResult()));
    }

    [Fact]
    public async Task A_state_that_was_never_written_is_fresh_and_has_no_etag()
    {
        var state = new GrainState<Counter>(new Counter { Count = 7 });
        await _storage.ReadStateAsync("state", NewGrain(), state);
        Assert.Equal((0, null, false), (state.State!.Count, state.ETag, state.RecordExists));
    }

    [Fact]
    public async Task Of_many_writers_that_read_the_same_version_exactly_one_succeeds()
    {
        var grain = NewGrain();
        var writes = Enumerable.Range(0, 30).Select(i => Task.Run(
            () => _storage.WriteStateAsync("state", grain, new GrainState<Counter>(new Counter { Count = i })))).ToArray();
        var refused = 0;
        foreach (var write in writes)
        {
            try
            {
                await write;
            }
            catch (InconsistentStateException)
            {
                refused++;
            }
        }

        Assert.Equal(29, refused);
    }

    [Fact]
    public async Task A_refused_write_tells_both_etags_and_leaves_the_state_as_it_was()
    {
        var grain = NewGrain();
        var (mine, yours) = (new GrainState<Counter>(new Counter { Count = 1 }), new GrainState<Counter>(new Counter { Count = 2 }));
        await _storage.WriteStateAsync("state", grain, mine);
        var refused = await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("state", grain, yours));
        Assert.Equal((mine.ETag, null), (refused.StoredEtag, refused.CurrentEtag));
        Assert.Null(yours.ETag);
        await _storage.ReadStateAsync("state", grain, yours);
        Assert.Equal((1, mine.ETag), (yours.State!.Count, yours.ETag));
    }

    [Fact]
    public async Task An_etag_of_another_store_is_refused()
    {
        var state = new GrainState<Counter>(new Counter(), "W/\"7\"");
        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("state", NewGrain(), state));
    }

    [Fact]
    public async Task A_state_comes_back_as_it_was_written_after_the_database_was_opened_again()
    {
        var grain = NewGrain();
        var written = new Experiment("ångström", double.PositiveInfinity, [1, 2.5, double.NaN], DateTimeOffset.UnixEpoch.AddTicks(1), DayOfWeek.Friday);
        await _storage.WriteStateAsync("state", grain, new GrainState<Experiment>(written));
        await _database.DisposeAsync();
        await using var again = await HiveDatabase.OpenAsync(Location, cancellation: Cancellation);
        var read = new GrainState<Experiment>();
        await new HiveGrainStorage(again).ReadStateAsync("state", grain, read);
        Assert.Equal(written with { Values = [] }, read.State! with { Values = [] });
        Assert.Equal(written.Values, read.State!.Values);
    }

    [Fact]
    public async Task States_of_other_names_and_other_grains_are_kept_apart()
    {
        var (first, second) = (NewGrain(), NewGrain());
        (GrainId Grain, string Name, int Count)[] states = [(first, "a", 1), (first, "b", 2), (second, "a", 3)];
        foreach (var (grain, name, count) in states)
        {
            await _storage.WriteStateAsync(name, grain, new GrainState<Counter>(new Counter { Count = count }));
        }

        foreach (var (grain, name, count) in states)
        {
            var read = new GrainState<Counter>();
            await _storage.ReadStateAsync(name, grain, read);
            Assert.Equal(count, read.State!.Count);
        }
    }

    [Fact]
    public async Task What_a_write_records_is_the_state_at_the_call_whatever_happens_to_it_afterwards()
    {
        var grain = NewGrain();
        var state = new GrainState<Counter>(new Counter { Count = 1 });
        var write = _storage.WriteStateAsync("state", grain, state);
        state.State!.Count = 2;
        await write;
        var read = new GrainState<Counter>();
        await _storage.ReadStateAsync("state", grain, read);
        Assert.Equal(1, read.State!.Count);
    }

    [Fact]
    public async Task A_state_larger_than_its_bound_is_refused()
    {
        var state = new GrainState<string>(new string('x', HiveGrainStorage.StateBytes));
        var refused = await Assert.ThrowsAsync<StorageException>(() => _storage.WriteStateAsync("state", NewGrain(), state));
        Assert.Equal(StorageFault.TooLarge, refused.Fault);
    }

    [Fact]
    public async Task A_state_of_another_type_is_reported_with_the_grain_and_the_place()
    {
        var grain = NewGrain();
        await _storage.WriteStateAsync("state", grain, new GrainState<JsonElement>(JsonElement.Parse("""{"count":"many"}""")));
        var refused = await Assert.ThrowsAsync<StorageException>(() => _storage.ReadStateAsync("state", grain, new GrainState<Counter>()));
        Assert.Contains(grain.ToString(), refused.Message, StringComparison.Ordinal);
        Assert.Contains("$.count", refused.Message, StringComparison.Ordinal);
    }

    private async Task<bool> FollowsTheModel(IEnumerable<(Operation Operation, int Writer)> steps)
    {
        var grain = NewGrain();
        var writers = Enumerable.Range(0, 3).Select(_ => new GrainState<Counter>(new Counter())).ToArray();
        (string? ETag, int? Count) stored = (null, null);
        var used = new HashSet<string>();
        var count = 0;
        foreach (var (operation, number) in steps)
        {
            var writer = writers[number];
            var known = writer.ETag == stored.ETag;
            if (operation == Operation.Read)
            {
                await _storage.ReadStateAsync("state", grain, writer);
                Assert.Equal((stored.ETag, stored.Count is not null, stored.Count ?? 0), (writer.ETag, writer.RecordExists, writer.State!.Count));
                continue;
            }

            writer.State = new Counter { Count = ++count };
            var change = operation == Operation.Write
                ? _storage.WriteStateAsync("state", grain, writer)
                : _storage.ClearStateAsync("state", grain, writer);
            if (!known)
            {
                await Assert.ThrowsAsync<InconsistentStateException>(() => change);
                continue;
            }

            await change;
            Assert.Equal(operation == Operation.Write, writer.RecordExists);
            Assert.True(writer.ETag is null ? stored.ETag is null : used.Add(writer.ETag), "An ETag was used twice.");
            stored = (writer.ETag, operation == Operation.Write ? count : null);
        }

        return true;
    }

    private GrainId NewGrain() => GrainId.Create("counter", $"number/{Interlocked.Increment(ref _grains)}");

    private sealed class Counter
    {
        public int Count { get; set; }
    }

    private sealed record Experiment(string Name, double Best, IReadOnlyList<double> Values, DateTimeOffset At, DayOfWeek Day);
}

using FsCheck;
using FsCheck.Fluent;
using Hive.Storage;
using Hive.Testing;
using Orleans;
using Orleans.Runtime;

namespace Hive.Tests.Storage;

public sealed class SqliteReminderTableTests : ReminderTableContract, IDisposable
{
    private readonly string _directory = TemporaryDirectory.Create("hive-reminders");

    public void Dispose() => TemporaryDirectory.Delete(_directory);

    protected override string Location => Path.Combine(_directory, "hive.db");
}

[Collection(nameof(PostgresTests))]
public sealed class PostgresReminderTableTests(PostgresFixture postgres) : ReminderTableContract
{
    protected override string Location { get; } = postgres.NewLocation();
}

/// <summary>What the table of reminders promises, on each database.</summary>
public abstract class ReminderTableContract : IAsyncLifetime
{
    private HiveDatabase _database = null!;

    private HiveReminderTable _table = null!;

    protected abstract string Location { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await HiveDatabase.OpenAsync(Location, cancellation: Cancellation);
        _table = new HiveReminderTable(_database);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_reminder_reads_back_as_it_was_written()
    {
        var entry = Entry("goal/1", "deadline");
        var etag = await _table.UpsertRow(entry);
        var read = await _table.ReadRow(entry.GrainId, "deadline");
        Assert.Equal(
            (entry.GrainId, entry.ReminderName, entry.StartAt, entry.Period, etag),
            (read!.GrainId, read.ReminderName, read.StartAt, read.Period, read.ETag));
        Assert.Equal(DateTimeKind.Utc, read.StartAt.Kind);
        Assert.Null(await _table.ReadRow(entry.GrainId, "other"));
    }

    [Fact]
    public async Task A_grain_has_its_own_reminders_only()
    {
        foreach (var (key, name) in new[] { ("a", "1"), ("a", "2"), ("b", "1") })
        {
            await _table.UpsertRow(Entry(key, name));
        }

        var read = await _table.ReadRows(Entry("a", "").GrainId);
        Assert.Equal(["1", "2"], read.Reminders.Select(entry => entry.ReminderName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_reminder_is_removed_by_its_last_etag_only_and_an_etag_never_comes_back()
    {
        var entry = Entry("goal", "deadline");
        var first = await _table.UpsertRow(entry);
        var second = await _table.UpsertRow(entry);
        Assert.NotEqual(first, second);
        Assert.False(await _table.RemoveRow(entry.GrainId, "deadline", first!));
        Assert.True(await _table.RemoveRow(entry.GrainId, "deadline", second!));
        Assert.False(await _table.RemoveRow(entry.GrainId, "deadline", second!));
        var third = await _table.UpsertRow(entry);
        Assert.DoesNotContain(third, new[] { first, second });
    }

    [Fact]
    public async Task A_range_of_hashes_finds_exactly_the_reminders_whose_grains_lie_on_that_arc()
    {
        var keys = Enumerable.Range(0, 200).Select(i => $"goal-{i}").ToArray();
        foreach (var key in keys)
        {
            await _table.UpsertRow(Entry(key, "deadline"));
        }

        var hashes = keys.Select(key => Entry(key, "").GrainId.GetUniformHashCode()).ToArray();
        var bound = Gen.OneOf(Gen.Elements(hashes), ArbMap.Default.GeneratorFor<uint>(), Gen.Elements(0u, uint.MaxValue));
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(100),
            Prop.ForAll(Arb.From(Gen.Zip(bound, bound)), range =>
            {
                var (begin, end) = range;
                var expected = keys.Where((_, i) => begin < end ? hashes[i] > begin && hashes[i] <= end : hashes[i] > begin || hashes[i] <= end);
                var read = _table.ReadRows(begin, end).GetAwaiter().GetResult();
                return expected.Order(StringComparer.Ordinal).SequenceEqual(
                    read.Reminders.Select(entry => entry.GrainId.Key.ToString()!).Order(StringComparer.Ordinal));
            }));
    }

    private static ReminderEntry Entry(string key, string name) => new()
    {
        GrainId = GrainId.Create("goal", key),
        ReminderName = name,
        StartAt = new DateTime(2026, 11, 20, 9, 0, 0, DateTimeKind.Utc).AddTicks(7),
        Period = TimeSpan.FromMinutes(1.5),
    };
}

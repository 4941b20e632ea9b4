using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hive.Storage;

namespace Hive.Tests.Storage;

/// <summary>What every goal log promises; each implementation runs all of it.</summary>
public abstract class GoalLogContract : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    private int _goals;

    protected IGoalLog Log { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Log = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract ValueTask<IGoalLog> OpenAsync();

    protected abstract ValueTask CloseAsync();

    [Fact]
    public void Any_interleaving_of_appends_by_several_goals_reads_back_exactly_in_order_and_without_gaps()
    {
        var append =
            from goal in Gen.Choose(0, 3)
            from entries in Gen.ListOf(Gen.Zip(Gen.Choose(0, 2_000), Gen.Elements("attempt", "candidate", "état", "判")), 4)
            select (Goal: goal, Entries: entries.ToArray());
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(40),
            Prop.ForAll(Arb.From(Gen.ListOf(append, 30)), appends => ReadsBack(appends).GetAwaiter().GetResult()));
    }

    [Fact]
    public async Task An_append_that_leaves_a_gap_is_refused_and_nothing_of_it_is_recorded()
    {
        var goal = NewGoal();
        await Log.AppendAsync(goal, [Entry(1), Entry(2)], null, Cancellation);
        var refused = await Assert.ThrowsAsync<InconsistentLogException>(
            () => Log.AppendAsync(goal, [Entry(4), Entry(5)], Summary(goal), Cancellation));
        Assert.Equal((goal, 3, 4), (refused.Goal, refused.ExpectedSequence, refused.Sequence));
        var sequences = await SequencesAsync(goal);
        Assert.Equal([1, 2], sequences);
        Assert.Null(await Log.FindAsync(goal, Cancellation));
    }

    [Fact]
    public async Task An_append_that_repeats_a_sequence_is_refused_and_what_was_recorded_stays()
    {
        var goal = NewGoal();
        await Log.AppendAsync(goal, [Entry(1, "first")], null, Cancellation);
        await Assert.ThrowsAsync<InconsistentLogException>(() => Log.AppendAsync(goal, [Entry(1, "second")], null, Cancellation));
        Assert.Equal("first", (await ReadAsync(goal)).Single().Kind);
    }

    [Fact]
    public async Task A_refused_append_fails_alone_among_a_hundred_that_arrive_with_it()
    {
        var goals = Enumerable.Range(0, 100).Select(_ => NewGoal()).ToArray();
        var appends = goals.Select((goal, i) => Log.AppendAsync(goal, [Entry(i == 50 ? 2 : 1)], null, Cancellation)).ToArray();
        await Assert.ThrowsAsync<InconsistentLogException>(() => appends[50]);
        foreach (var i in Enumerable.Range(0, 100).Where(i => i != 50))
        {
            await appends[i];
            Assert.Single(await SequencesAsync(goals[i]));
        }

        Assert.Empty(await SequencesAsync(goals[50]));
    }

    [Fact]
    public async Task Of_many_writers_of_the_same_sequence_exactly_one_is_recorded()
    {
        var goal = NewGoal();
        var appends = Enumerable.Range(0, 50).Select(i => Task.Run(() => Log.AppendAsync(goal, [Entry(1, $"writer{i}")], null, Cancellation))).ToArray();
        var refused = 0;
        foreach (var append in appends)
        {
            try
            {
                await append;
            }
            catch (InconsistentLogException)
            {
                refused++;
            }
        }

        Assert.Equal(49, refused);
        Assert.Single(await SequencesAsync(goal));
    }

    [Fact]
    public async Task Appends_that_are_not_awaited_are_recorded_in_the_order_of_the_calls()
    {
        var goal = NewGoal();
        await Task.WhenAll(Enumerable.Range(1, 2_000).Select(i => Log.AppendAsync(goal, [Entry(i)], null, Cancellation)));
        Assert.Equal(Enumerable.Range(1, 2_000).Select(i => (long)i), await SequencesAsync(goal));
    }

    [Fact]
    public async Task Reading_starts_after_the_sequence_that_is_given()
    {
        var goal = NewGoal();
        await Log.AppendAsync(goal, [.. Enumerable.Range(1, 1_500).Select(i => Entry(i))], null, Cancellation);
        Assert.Equal(Enumerable.Range(1_234, 267).Select(i => (long)i), await SequencesAsync(goal, after: 1_233));
        Assert.Empty(await SequencesAsync(goal, after: 1_500));
    }

    [Fact]
    public async Task A_summary_is_recorded_with_its_entries_and_the_last_one_wins()
    {
        var goal = NewGoal();
        await Log.AppendAsync(goal, [Entry(1)], Summary(goal), Cancellation);
        await Task.WhenAll(
            Log.AppendAsync(goal, [Entry(2)], Summary(goal, "Judging"), Cancellation),
            Log.AppendAsync(goal, [], Summary(goal, "Joining"), Cancellation));
        var found = await Log.FindAsync(goal, Cancellation);
        Assert.Equal(("Joining", "pack circles", Start), (found!.State, found.Objective, found.CreatedAt));
        Assert.Equal("{\"ü\":1}"u8, found.Body.Span);
    }

    [Fact]
    public async Task Empty_texts_and_bodies_read_back_empty()
    {
        var goal = NewGoal();
        await Log.AppendAsync(goal, [new LogEntry(1, Start, "", default)], new GoalSummary(goal, "", "", Start, Start, default), Cancellation);
        var entry = Assert.Single(await ReadAsync(goal));
        Assert.Equal(("", 0), (entry.Kind, entry.Body.Length));
        var summary = await Log.FindAsync(goal, Cancellation);
        Assert.Equal(("", "", 0), (summary!.Objective, summary.State, summary.Body.Length));
    }

    [Fact]
    public async Task A_list_shows_the_newest_goals_first_and_only_those_of_the_state_that_is_asked_for()
    {
        var goals = Enumerable.Range(0, 6).Select(_ => NewGoal()).ToArray();
        for (var i = 0; i < goals.Length; i++)
        {
            var summary = Summary(goals[i], i % 2 == 0 ? "Done" : "Exploring") with { CreatedAt = Start.AddTicks(i) };
            await Log.AppendAsync(goals[i], [], summary, Cancellation);
        }

        Assert.Equal([goals[5], goals[4], goals[3]], (await Log.ListAsync(null, 3, Cancellation)).Select(summary => summary.Id));
        Assert.Equal([goals[4], goals[2], goals[0]], (await Log.ListAsync("Done", 10, Cancellation)).Select(summary => summary.Id));
        Assert.Empty(await Log.ListAsync("Failed", 10, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Log.ListAsync(null, 0, Cancellation));
    }

    [Fact]
    public async Task Requests_are_taken_once_and_in_the_order_in_which_they_were_made()
    {
        var (goal, other) = (NewGoal(), NewGoal());
        for (var i = 0; i < 12; i++)
        {
            await Log.RequestAsync(goal, $"request{i}", Encoding.UTF8.GetBytes($"{{\"n\":{i}}}"), Cancellation);
        }

        await Log.RequestAsync(other, "cancel", default, Cancellation);
        var taken = await Log.TakeRequestsAsync(goal, Cancellation);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"request{i}"), taken.Select(request => request.Kind));
        Assert.Equal("{\"n\":11}"u8, taken[11].Body.Span);
        Assert.Empty(await Log.TakeRequestsAsync(goal, Cancellation));
        Assert.Equal(["cancel"], (await Log.TakeRequestsAsync(other, Cancellation)).Select(request => request.Kind));
    }

    [Fact]
    public async Task Requests_of_a_goal_that_nobody_runs_are_bounded()
    {
        var goal = NewGoal();
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Log.RequestAsync(goal, "cancel", default, Cancellation)));
        var refused = await Assert.ThrowsAsync<StorageException>(() => Log.RequestAsync(goal, "cancel", default, Cancellation));
        Assert.Equal(StorageFault.Overloaded, refused.Fault);
        Assert.Equal(1_000, (await Log.TakeRequestsAsync(goal, Cancellation)).Count);
    }

    [Fact]
    public async Task A_body_of_one_mebibyte_is_recorded_and_a_byte_more_is_refused_with_nothing_of_its_append()
    {
        var goal = NewGoal();
        var body = new byte[GoalLogLimits.BodyBytes];
        new Random(7).NextBytes(body);
        await Log.AppendAsync(goal, [Entry(1) with { Body = body }], null, Cancellation);
        var refused = await Assert.ThrowsAsync<StorageException>(
            () => Log.AppendAsync(goal, [Entry(2), Entry(3) with { Body = new byte[body.Length + 1] }], null, Cancellation));
        Assert.Equal(StorageFault.TooLarge, refused.Fault);
        Assert.Equal(body, (await ReadAsync(goal)).Single().Body.ToArray());
    }

    [Fact]
    public async Task A_log_of_large_bodies_is_read_whole()
    {
        var goal = NewGoal();
        for (var i = 0; i < 2; i++)
        {
            var append = Enumerable.Range((i * 12) + 1, 12).Select(n => Entry(n) with { Body = Enumerable.Repeat((byte)n, GoalLogLimits.BodyBytes).ToArray() });
            await Log.AppendAsync(goal, [.. append], null, Cancellation);
        }

        var entries = await ReadAsync(goal);
        Assert.Equal(Enumerable.Range(1, 24).Select(n => ((long)n, (byte)n)), entries.Select(entry => (entry.Sequence, entry.Body.Span[^1])));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../hive")]
    [InlineData(".hidden")]
    [InlineData("a goal")]
    [InlineData("goal\0")]
    [InlineData("gôal")]
    public async Task A_goal_id_that_could_not_be_a_file_name_is_refused(string goal) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Log.AppendAsync(goal, [Entry(1)], null, Cancellation));

    [Fact]
    public async Task A_kind_that_is_no_text_is_refused()
    {
        foreach (var kind in new[] { "nul\0", "half\ud800", "\udc00half" })
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Log.AppendAsync(NewGoal(), [Entry(1, kind)], null, Cancellation));
        }
    }

    [Fact]
    public async Task Entries_of_one_append_that_are_not_consecutive_are_refused()
    {
        var goal = NewGoal();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Log.AppendAsync(goal, [Entry(1), Entry(3)], null, Cancellation));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Log.AppendAsync(goal, [Entry(0)], null, Cancellation));
        Assert.Empty(await SequencesAsync(goal));
    }

    [Fact]
    public async Task An_append_that_was_cancelled_before_its_call_records_nothing()
    {
        var goal = NewGoal();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.AppendAsync(goal, [Entry(1)], null, new CancellationToken(canceled: true)));
        await Log.AppendAsync(goal, [Entry(1, "second")], null, Cancellation);
        Assert.Equal("second", (await ReadAsync(goal)).Single().Kind);
    }

    protected string NewGoal() => $"goal-{Interlocked.Increment(ref _goals)}";

    protected static LogEntry Entry(long sequence, string kind = "candidate") =>
        new(sequence, Start.AddTicks(sequence), kind, "{\"sum\":2.635}"u8.ToArray());

    protected static GoalSummary Summary(string goal, string state = "Exploring") =>
        new(goal, "pack circles", state, Start, Start.AddSeconds(1), "{\"ü\":1}"u8.ToArray());

    protected async Task<List<LogEntry>> ReadAsync(string goal, long after = 0)
    {
        var entries = new List<LogEntry>();
        await foreach (var entry in Log.ReadAsync(goal, after, Cancellation))
        {
            entries.Add(entry);
        }

        return entries;
    }

    protected async Task<long[]> SequencesAsync(string goal, long after = 0) => [.. (await ReadAsync(goal, after)).Select(entry => entry.Sequence)];

    private async Task<bool> ReadsBack(IEnumerable<(int Goal, (int Length, string Kind)[] Entries)> appends)
    {
        var names = Enumerable.Range(0, 4).Select(_ => NewGoal()).ToArray();
        var written = names.Select(_ => new List<LogEntry>()).ToArray();
        var pending = new List<Task>();
        foreach (var (goal, drawn) in appends)
        {
            var first = written[goal].Count + 1;
            LogEntry[] entries = [.. drawn.Select((draw, i) => Drawn(first + i, draw.Length, draw.Kind))];
            written[goal].AddRange(entries);
            pending.Add(Log.AppendAsync(names[goal], entries, null, Cancellation));
        }

        await Task.WhenAll(pending);
        for (var goal = 0; goal < names.Length; goal++)
        {
            var read = await ReadAsync(names[goal]);
            Assert.Equal(written[goal].Count, read.Count);
            foreach (var (expected, actual) in written[goal].Zip(read))
            {
                Assert.Equal(expected with { Body = default }, actual with { Body = default });
                Assert.Equal(expected.Body.ToArray(), actual.Body.ToArray());
            }
        }

        return true;
    }

    private static LogEntry Drawn(int sequence, int length, string kind)
    {
        var body = new byte[length];
        new Random(length + sequence).NextBytes(body);
        return new LogEntry(sequence, Start.AddTicks(length), kind, body);
    }
}

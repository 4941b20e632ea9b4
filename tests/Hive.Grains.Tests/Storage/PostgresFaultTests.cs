using Hive.Storage;
using Hive.Testing;

namespace Hive.Tests.Storage;

/// <summary>What can be wrong with a server: each gets one clear error that tells no secret.</summary>
[Collection(nameof(PostgresTests))]
public sealed class PostgresFaultTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_password_is_reported_without_telling_it()
    {
        var refused = await AssertRefusedAsync(StorageFault.AccessDenied, $"postgres://hive:Secret-7@127.0.0.1:{postgres.Server.Port}/hive");
        Assert.DoesNotContain("Secret-7", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_reported() =>
        await AssertRefusedAsync(StorageFault.AccessDenied, $"{postgres.Server.ConnectionString};Database=nowhere");

    [Fact]
    public async Task A_server_that_does_not_answer_is_reported_with_its_address()
    {
        var port = Loopback.FreePort();
        var refused = await AssertRefusedAsync(StorageFault.Unreachable, $"postgres://hive:x@127.0.0.1:{port}/hive");
        Assert.Contains($"127.0.0.1:{port}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_who_may_not_create_the_schema_is_told_what_to_grant()
    {
        await using (var database = await HiveDatabase.OpenAsync(postgres.NewLocation(), cancellation: Cancellation))
        {
            await database.WriteAsync(
                (session, token) => session.ExecuteAsync("CREATE USER guest PASSWORD 'guest'", token), 0, Cancellation);
        }

        var refused = await AssertRefusedAsync(
            StorageFault.AccessDenied, $"postgres://guest:guest@127.0.0.1:{postgres.Server.Port}/hive?Search Path=guests");
        Assert.Contains("GRANT CREATE ON DATABASE", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_without_tables_of_hive_is_not_taken_for_a_database_to_read() =>
        await AssertRefusedAsync(StorageFault.NotAHiveDatabase, $"{postgres.Server.Location}?Search Path=empty", new HiveDatabaseOptions { ReadOnly = true });

    [Fact]
    public async Task Two_hives_share_a_server_in_schemas_of_their_own()
    {
        await using var first = await HiveDatabase.OpenAsync(postgres.NewLocation(), cancellation: Cancellation);
        await using var second = await HiveDatabase.OpenAsync(postgres.NewLocation(), cancellation: Cancellation);
        var entry = new LogEntry(1, DateTimeOffset.UnixEpoch, "accepted", "{}"u8.ToArray());
        await new DatabaseGoalLog(first).AppendAsync("goal", [entry], null, Cancellation);
        Assert.Equal(0, await new DatabaseGoalLog(second).ReadAsync("goal", 0, Cancellation).CountAsync(Cancellation));
    }

    private static async Task<StorageException> AssertRefusedAsync(StorageFault fault, string location, HiveDatabaseOptions? options = null)
    {
        var refused = await Assert.ThrowsAsync<StorageException>(() => HiveDatabase.OpenAsync(location, options, cancellation: Cancellation));
        Assert.Equal(fault, refused.Fault);
        Assert.DoesNotContain('\n', refused.Message);
        return refused;
    }
}

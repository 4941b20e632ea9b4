using Hive.Testing;

namespace Hive.Tests.Storage;

/// <summary>The tests that share one PostgreSQL server; it is started only when one of them runs.</summary>
[CollectionDefinition(nameof(PostgresTests))]
public sealed class PostgresTests : ICollectionFixture<PostgresFixture>;

/// <summary>One PostgreSQL server for many tests; each works in a schema of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresServer? _server;

    private int _schemas;

    public PostgresServer Server => _server!;

    public string NewLocation() => $"{Server.Location}?Search Path=test{Interlocked.Increment(ref _schemas)}";

    public async ValueTask InitializeAsync() => _server = await PostgresServer.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}

using Hive.Testing;
using Hive.Tests.Storage;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Hive.Tests.Storage;

/// <summary>One PostgreSQL server for all tests of the assembly; each test works in a schema of its own.</summary>
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

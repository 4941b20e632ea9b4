using Hive.Client.Grid;
using Hive.Silo.Display;
using Hive.Silos;
using Hive.Testing;
using Npgsql;

namespace Hive.Silo.Tests.Grid;

/// <summary>
/// A grid of real processes on this machine: nats-server, PostgreSQL, hubs and silos. A test may kill each of them, stop it, and start it again under the same name.
/// </summary>
internal sealed class TestGrid : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, Member> _members = new(StringComparer.Ordinal);
    private readonly List<HiveProcess> _ended = [];
    private GridHive? _hive;

    private TestGrid(NatsServer nats, PostgresServer database) => (Nats, Database) = (nats, database);

    public NatsServer Nats { get; }

    public PostgresServer Database { get; }

    public string Folder => _folder.Path;

    /// <summary>A client that stays connected; it waits for a hub longer than any fault lasts.</summary>
    public GridHive Hive => _hive!;

    public IEnumerable<string> Silos => _members.Where(member => !member.Value.IsHub).Select(member => member.Key);

    public IEnumerable<string> Hubs => _members.Where(member => member.Value.IsHub).Select(member => member.Key);

    /// <summary>Starts a grid; completes when hubs and silos are up.</summary>
    /// <param name="hubs">Their names; the first serves, the others stand by.</param>
    /// <param name="silos">Their names and tiers.</param>
    public static async Task<TestGrid> StartAsync(string[] hubs, (string Name, string Tier)[] silos)
    {
        var database = PostgresServer.StartAsync(TestContext.Current.CancellationToken);
        var grid = new TestGrid(await NatsServer.StartAsync(cancellation: TestContext.Current.CancellationToken), await database);
        try
        {
            foreach (var hub in hubs)
            {
                grid._members[hub] = new Member(true, ["hub", "--name", hub, "--database", grid.Database.Location, "--standby", "--cores", "2", .. grid.Place]);
            }

            foreach (var (name, tier) in silos)
            {
                grid._members[name] = new Member(false, ["silo", "--name", name, "--tier", tier, "--cores", "4", .. grid.Place]);
            }

            await grid.StartAsync(hubs[0], "serves");
            await Task.WhenAll(hubs.Skip(1).Select(hub => grid.StartAsync(hub, "stands by")).Concat(silos.Select(silo => grid.StartAsync(silo.Name, "is up"))));
            grid._hive = await GridHive.ConnectAsync(new GridOptions { Server = grid.Nats.Location }, TimeSpan.FromSeconds(60));
            return grid;
        }
        catch
        {
            await grid.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a hub or silo, for the first time or again, and waits until it says so.</summary>
    public async Task StartAsync(string name, string said)
    {
        var member = _members[name];
        if (member.Process is { } before)
        {
            _ended.Add(before);
        }

        member.Process = HiveProcess.Start(_folder.Path, _ => false, member.Command);
        await member.Process.WaitForLineAsync(said);
    }

    public HiveProcess Process(string name) => _members[name].Process!;

    /// <summary>Which hub has the lease, by the database's word; waits until one has.</summary>
    public async Task<string> ActiveHubAsync()
    {
        const string Holder = "SELECT holder FROM hive.hub_lease WHERE expires_at > (extract(epoch FROM clock_timestamp()) * 10000000)::bigint ORDER BY epoch DESC LIMIT 1";
        string? holder = null;
        await UntilAsync(async () =>
        {
            holder = (await QueryAsync(Holder, row => row.GetString(0))).FirstOrDefault();
            return holder is not null;
        });
        return Hubs.Single(hub => holder!.StartsWith($"hub {hub},", StringComparison.Ordinal));
    }

    /// <summary>Waits until exactly these silos are here, as the hub that serves then sees it.</summary>
    public Task UntilHereAsync(IEnumerable<string> silos)
    {
        var wanted = silos.Order(StringComparer.Ordinal).ToArray();
        return UntilAsync(async () => (await AnnouncedAsync()).Select(silo => silo.Name).Where(name => !Hubs.Contains(name)).SequenceEqual(wanted));
    }

    /// <summary>The silos as they announced themselves.</summary>
    public async Task<SiloAnnouncement[]> AnnouncedAsync()
    {
        using var reply = await Hive.AskAsync(GridApi.Silos, _ => { }, TestContext.Current.CancellationToken);
        return [.. SiloText.Read(reply.RootElement)];
    }

    public async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params (string Name, object Value)[] parameters)
    {
        await using var connection = new NpgsqlConnection(Database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>What all processes said, for whoever looks for the cause of a failure.</summary>
    public string Describe() => string.Join(
        Environment.NewLine, _members.Select(member => $"--- {member.Key}{(member.Value.Process?.HasExited == true ? " (has ended)" : "")}{Environment.NewLine}{member.Value.Process?.Error}"));

    public async ValueTask DisposeAsync()
    {
        if (_hive is not null)
        {
            await _hive.DisposeAsync();
        }

        foreach (var process in _ended.Concat(_members.Values.Select(member => member.Process)).OfType<HiveProcess>())
        {
            await process.DisposeAsync();
        }

        await Nats.DisposeAsync();
        await Database.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Asks again and again, which is an event where nothing tells.</summary>
    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var timer = new PeriodicTimer(LookEvery);
        while (!await holds())
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private string[] Place => ["--nats", Nats.Location];

    private sealed record Member(bool IsHub, string[] Command)
    {
        public HiveProcess? Process { get; set; }
    }
}

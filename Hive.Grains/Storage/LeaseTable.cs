using System.Data.Common;

namespace Hive.Storage;

/// <summary>The statements on the table of leases; they are short and do nothing else.</summary>
internal sealed class LeaseTable(DatabaseProvider provider)
{
    /// <summary>How many past leases are kept, for whoever wants to know when which hub acted.</summary>
    private const int KeptLeases = 1_000;

    private readonly string _last =
        $"SELECT epoch, holder, expires_at - {provider.Now} FROM hub_lease ORDER BY epoch DESC LIMIT 1{provider.ForUpdate}";

    private readonly string _insert =
        $"INSERT INTO hub_lease (epoch, holder, taken_at, renewed_at, expires_at, written_at) VALUES (@epoch, @holder, {provider.Now}, {provider.Now}, {provider.Now} + @duration, 0)";

    private readonly string _renew =
        $"UPDATE hub_lease SET renewed_at = {provider.Now}, expires_at = {provider.Now} + @duration WHERE epoch = @epoch AND {Holds(provider)}";

    private readonly string _fence = $"UPDATE hub_lease SET written_at = {provider.Now} WHERE epoch = @epoch AND {Holds(provider)}";

    private readonly string _release = $"UPDATE hub_lease SET expires_at = {provider.Now} WHERE epoch = @epoch AND {Holds(provider)}";

    private const string Forget = "DELETE FROM hub_lease WHERE epoch <= @epoch";

    /// <summary>The last lease; within a transaction it stays as it is until the end of that.</summary>
    public async ValueTask<(long Epoch, string Holder, TimeSpan Remaining)> LastAsync(DatabaseSession session, CancellationToken cancellation)
    {
        var rows = await session.QueryAsync(_last, Read, cancellation).ConfigureAwait(false);
        return rows.Count > 0 ? rows[0] : (0, "nobody", TimeSpan.Zero);
    }

    public async ValueTask TakeAsync(DatabaseSession session, long epoch, string holder, TimeSpan duration, CancellationToken cancellation)
    {
        await session.ExecuteAsync(_insert, cancellation, ("@epoch", epoch), ("@holder", holder), ("@duration", duration.Ticks)).ConfigureAwait(false);
        await session.ExecuteAsync(Forget, cancellation, ("@epoch", epoch - KeptLeases)).ConfigureAwait(false);
    }

    /// <summary>False when the lease is over.</summary>
    public async ValueTask<bool> RenewAsync(DatabaseSession session, long epoch, TimeSpan duration, CancellationToken cancellation) =>
        await session.ExecuteAsync(_renew, cancellation, ("@duration", duration.Ticks), ("@epoch", epoch)).ConfigureAwait(false) == 1;

    /// <summary>
    /// Last in a transaction: holds the lease's row until the commit, so that no other hub can take over between this look and the commit. False when the lease is over.
    /// </summary>
    public async ValueTask<bool> FenceAsync(DatabaseSession session, long epoch, CancellationToken cancellation) =>
        await session.ExecuteAsync(_fence, cancellation, ("@epoch", epoch)).ConfigureAwait(false) == 1;

    public async ValueTask ReleaseAsync(DatabaseSession session, long epoch, CancellationToken cancellation) =>
        await session.ExecuteAsync(_release, cancellation, ("@epoch", epoch)).ConfigureAwait(false);

    private static string Holds(DatabaseProvider provider) =>
        $"expires_at > {provider.Now} AND NOT EXISTS (SELECT 1 FROM hub_lease AS newer WHERE newer.epoch > hub_lease.epoch)";

    private static (long, string, TimeSpan) Read(DbDataReader row) => (row.GetInt64(0), row.GetString(1), TimeSpan.FromTicks(row.GetInt64(2)));
}

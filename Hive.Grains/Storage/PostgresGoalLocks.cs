using System.Buffers.Binary;
using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Hive.Storage;

/// <summary>Session advisory locks, all on one connection of their own, so that the server lets them go when this process dies or is cut off.</summary>
/// <param name="provider">The server.</param>
/// <param name="lease">The hub's lease under which this process writes; 0 for none.</param>
internal sealed class PostgresGoalLocks(PostgresProvider provider, Func<long> lease) : GoalLocks
{
    private const string TryLock = "SELECT pg_try_advisory_lock(@key)";

    private const string Unlock = "SELECT pg_advisory_unlock(@key)";

    /// <summary>PostgreSQL shows a 64-bit key as two halves, with objsubid 1 (documented with the view pg_locks).</summary>
    private const string FindHolder =
        """
        SELECT activity.pid, activity.application_name, coalesce(host(activity.client_addr), 'the server itself'), activity.backend_start
        FROM pg_locks AS held JOIN pg_stat_activity AS activity ON activity.pid = held.pid
        WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
          AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND (held.classid::bigint << 32 | held.objid::bigint) = @key
        """;

    private const string NameSession = "SELECT set_config('application_name', 'lease ' || @lease || ' of ' || current_setting('application_name'), false)";

    /// <summary>
    /// Ends the session that holds a lock for a hub whose lease is over. A hub that its machine has stopped keeps its connections, and would keep its successor from the goals.
    /// </summary>
    private const string EndOutlived =
        """
        SELECT pg_terminate_backend(activity.pid)
        FROM pg_locks AS held JOIN pg_stat_activity AS activity ON activity.pid = held.pid
        WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
          AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND (held.classid::bigint << 32 | held.objid::bigint) = @key
          AND CASE WHEN activity.application_name ~ '^lease [0-9]{1,18} ' THEN split_part(activity.application_name, ' ', 2)::bigint < @lease ELSE false END
        """;

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>A session may lock a key twice, so this process keeps count itself.</summary>
    private readonly HashSet<long> _held = [];

    private DatabaseSession? _session;

    private CancellationTokenSource _lost = new();

    public override async Task<GoalLock> TryAcquireAsync(string goal, CancellationToken cancellation)
    {
        GoalLogGuard.CheckGoal(goal);
        var key = Key(goal);
        return await WithSessionAsync(
            async session =>
            {
                if (_held.Contains(key))
                {
                    return new GoalLock("this process");
                }

                var taken = await session.QueryAsync(TryLock, row => row.GetBoolean(0), cancellation, ("@key", key)).ConfigureAwait(false);
                if (!taken[0])
                {
                    if (lease() is > 0 and var own)
                    {
                        await session.QueryAsync(EndOutlived, row => row.GetBoolean(0), cancellation, ("@key", key), ("@lease", own)).ConfigureAwait(false);
                    }

                    var holders = await session.QueryAsync(FindHolder, DescribeHolder, cancellation, ("@key", key)).ConfigureAwait(false);
                    return new GoalLock(holders.FirstOrDefault() ?? "another session, which has just ended");
                }

                _held.Add(key);
                return new GoalLock(() => ReleaseAsync(key, session), _lost.Token);
            },
            cancellation).ConfigureAwait(false);
    }

    public override async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
        _lost.Dispose();
    }

    private static long Key(string goal) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes("hive goal " + goal)));

    private static string DescribeHolder(DbDataReader row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.GetString(1)} from {row.GetString(2)}, session {row.GetInt32(0)} since {row.GetFieldValue<DateTime>(3):yyyy-MM-dd HH:mm:ss}Z");

    private async ValueTask ReleaseAsync(long key, DatabaseSession holder)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            // A session that is gone took its locks with it.
            if (ReferenceEquals(holder, _session) && _held.Remove(key))
            {
                await holder.QueryAsync(Unlock, row => row.GetBoolean(0), CancellationToken.None, ("@key", key)).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (provider.Knows(e))
        {
            await CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<GoalLock> WithSessionAsync(Func<DatabaseSession, Task<GoalLock>> run, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_session is { Connection.State: not ConnectionState.Open })
            {
                await CloseAsync().ConfigureAwait(false);
            }

            _session ??= await OpenAsync(cancellation).ConfigureAwait(false);
            return await run(_session).ConfigureAwait(false);
        }
        catch (Exception e) when (provider.Knows(e))
        {
            await CloseAsync().ConfigureAwait(false);
            throw provider.Translate(e);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask<DatabaseSession> OpenAsync(CancellationToken cancellation)
    {
        var session = await provider.OpenWatchedAsync(cancellation).ConfigureAwait(false);
        _lost.Dispose();
        _lost = new CancellationTokenSource();
        var lost = _lost;
        ((NpgsqlConnection)session.Connection).StateChange += (_, change) =>
        {
            if (change.CurrentState is ConnectionState.Closed or ConnectionState.Broken)
            {
                lost.Cancel();
            }
        };
        if (lease() is > 0 and var own)
        {
            await session.QueryAsync(NameSession, row => row.GetString(0), cancellation, ("@lease", own)).ConfigureAwait(false);
        }

        return session;
    }

    private async ValueTask CloseAsync()
    {
        _held.Clear();
        if (_session is { } session)
        {
            _session = null;
            await _lost.CancelAsync().ConfigureAwait(false);
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }
}

using System.Globalization;
using System.Reflection;

namespace Hive.Storage;

/// <summary>
/// The versioned schema: embedded files <c>Schema/NNN-name.sql</c>, applied in order and in one transaction. A script that has been
/// released is never changed; a change of the schema is a new script.
/// </summary>
internal static class SchemaScripts
{
    private const string CreateVersionTable =
        "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)";

    private const string InsertVersion = "INSERT INTO schema_version (version, name, applied_at) VALUES (@version, @name, @applied_at)";

    private const string SelectVersion = "SELECT coalesce(max(version), 0) FROM schema_version";

    /// <summary>Brings the schema up to what this program knows.</summary>
    public static async ValueTask ApplyAsync(DatabaseProvider provider, DatabaseSession session, TimeProvider time, CancellationToken cancellation)
    {
        var scripts = Load();
        await provider.BeginAsync(session, cancellation).ConfigureAwait(false);
        try
        {
            await provider.ClaimAsync(session, cancellation).ConfigureAwait(false);
            await session.ExecuteAsync(CreateVersionTable, cancellation).ConfigureAwait(false);
            var version = await VersionAsync(session, cancellation).ConfigureAwait(false);
            RefuseNewer(provider, version, scripts);
            foreach (var script in scripts.Where(script => script.Version > version))
            {
                await RunAsync(session, script.Sql, cancellation).ConfigureAwait(false);
                await session.ExecuteAsync(
                    InsertVersion,
                    cancellation,
                    ("@version", script.Version),
                    ("@name", script.Name),
                    ("@applied_at", Instants.ToStored(time.GetUtcNow()))).ConfigureAwait(false);
            }

            await session.ExecuteAsync("COMMIT", cancellation).ConfigureAwait(false);
        }
        catch
        {
            await RollBackAsync(provider, session).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes sure that a database opened for reading has a schema that this program understands.</summary>
    public static async ValueTask CheckAsync(DatabaseProvider provider, DatabaseSession session, CancellationToken cancellation)
    {
        var scripts = Load();
        long version;
        try
        {
            version = await VersionAsync(session, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (provider.Knows(e) && provider.Translate(e).Fault == StorageFault.Failed)
        {
            throw new StorageException(
                StorageFault.NotAHiveDatabase, $"{provider.Display} holds no tables of Hive's. Name the database that goals were run with.", e);
        }

        RefuseNewer(provider, version, scripts);
        if (version < scripts[^1].Version)
        {
            throw new StorageException(
                StorageFault.NotAHiveDatabase,
                $"{provider.Display} has schema version {version}, and this program reads {scripts[^1].Version}. Start a hub on it once to bring it up to date.");
        }
    }

    private static async ValueTask<long> VersionAsync(DatabaseSession session, CancellationToken cancellation) =>
        (await session.QueryAsync(SelectVersion, row => row.GetInt64(0), cancellation).ConfigureAwait(false))[0];

    private static void RefuseNewer(DatabaseProvider provider, long version, Script[] scripts)
    {
        if (version > scripts[^1].Version)
        {
            throw new StorageException(
                StorageFault.NewerSchema,
                $"{provider.Display} was written by a newer Hive (schema version {version}; this program knows {scripts[^1].Version}). Use that version, or another database.");
        }
    }

    private static async ValueTask RunAsync(DatabaseSession session, string sql, CancellationToken cancellation)
    {
        var command = session.Connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>What went wrong first is what the caller is told; a connection that cannot even roll back is closed next, which does.</summary>
    private static async ValueTask RollBackAsync(DatabaseProvider provider, DatabaseSession session)
    {
        try
        {
            await session.ExecuteAsync("ROLLBACK", CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (provider.Knows(e))
        {
        }
    }

    private static Script[] Load()
    {
        const string Folder = "Hive.Storage.Schema.";
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                var file = name[Folder.Length..^".sql".Length];
                return new Script(long.Parse(file[..3], CultureInfo.InvariantCulture), file, reader.ReadToEnd());
            })];
    }

    private sealed record Script(long Version, string Name, string Sql);
}

using Npgsql;

namespace Hive.Storage;

/// <summary>Where a database is: a SQLite file, or a PostgreSQL server.</summary>
internal abstract record DatabaseLocation
{
    private static readonly string[] ServerSchemes = ["postgres://", "postgresql://"];

    /// <summary>How messages name the database; never holds a password.</summary>
    public abstract string Display { get; }

    /// <summary>Understands a file path, <c>postgres://user:password@host:port/database?key=value</c>, or <c>Host=…;Username=…</c>.</summary>
    /// <exception cref="StorageException"><see cref="StorageFault.BadLocation"/>.</exception>
    public static DatabaseLocation Parse(string location)
    {
        if (string.IsNullOrWhiteSpace(location))
        {
            throw Bad("the location is empty");
        }

        if (ServerSchemes.Any(scheme => location.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)))
        {
            return new ServerLocation(FromUri(location));
        }

        if (location.Contains("://", StringComparison.Ordinal))
        {
            throw Bad($"the scheme '{location[..location.IndexOf("://", StringComparison.Ordinal)]}' is not known");
        }

        return location.Contains("Host=", StringComparison.OrdinalIgnoreCase)
            ? new ServerLocation(FromPairs(location))
            : FromPath(location);
    }

    private static FileLocation FromPath(string path)
    {
        try
        {
            return new FileLocation(Path.GetFullPath(path));
        }
        catch (Exception e) when (e is ArgumentException or IOException or NotSupportedException)
        {
            throw Bad($"'{path}' is no file path", e);
        }
    }

    private static NpgsqlConnectionStringBuilder FromUri(string location)
    {
        if (!Uri.TryCreate(location, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            throw Bad("the PostgreSQL address cannot be read (a '@', ':' or '/' in a password is written %40, %3A, %2F)");
        }

        var account = uri.UserInfo.Split(':', 2);
        var builder = FromPairs(string.Join(';', uri.Query.TrimStart('?').Split('&').Select(Uri.UnescapeDataString)));
        builder.Host = uri.Host;
        builder.Port = uri.IsDefaultPort || uri.Port < 0 ? NpgsqlConnection.DefaultPort : uri.Port;
        if (account[0].Length > 0)
        {
            builder.Username = Uri.UnescapeDataString(account[0]);
        }

        if (account.Length == 2)
        {
            builder.Password = Uri.UnescapeDataString(account[1]);
        }

        if (uri.AbsolutePath.Trim('/') is { Length: > 0 } database)
        {
            builder.Database = Uri.UnescapeDataString(database);
        }

        return builder;
    }

    private static NpgsqlConnectionStringBuilder FromPairs(string pairs)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(pairs);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException)
        {
            // The provider's message may quote the value, which may be the password.
            throw Bad("one of the PostgreSQL connection parameters is not known or has no valid value");
        }
    }

    private static StorageException Bad(string what, Exception? inner = null) => new(
        StorageFault.BadLocation,
        $"The database location is not usable: {what}. Give a file such as .hive/hive.db, or postgres://user:password@host:5432/database.",
        inner);
}

/// <summary>A SQLite file.</summary>
/// <param name="File">Its full path.</param>
internal sealed record FileLocation(string File) : DatabaseLocation
{
    /// <inheritdoc/>
    public override string Display => File;
}

/// <summary>A PostgreSQL server.</summary>
/// <param name="Connection">How to reach it, the password included.</param>
internal sealed record ServerLocation(NpgsqlConnectionStringBuilder Connection) : DatabaseLocation
{
    /// <inheritdoc/>
    public override string Display => $"postgres://{Connection.Username}@{Connection.Host}:{Connection.Port}/{Connection.Database}";
}

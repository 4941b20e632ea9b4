using System.Data.Common;

namespace Hive.Storage;

/// <summary>One open connection with the statements prepared on it; used by one caller at a time.</summary>
internal sealed class DatabaseSession(DbConnection connection) : IAsyncDisposable
{
    /// <summary>Keyed by statement texts, which are constants of the program: the program's own size is the bound.</summary>
    private readonly Dictionary<string, DbCommand> _commands = new(StringComparer.Ordinal);

    public DbConnection Connection { get; } = connection;

    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    public async ValueTask<int> ExecuteAsync(string sql, CancellationToken cancellation, params (string Name, object Value)[] parameters) =>
        await Command(sql, parameters).ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);

    /// <summary>Runs a query and returns its rows, mapped.</summary>
    public async ValueTask<List<T>> QueryAsync<T>(
        string sql, Func<DbDataReader, T> map, CancellationToken cancellation, params (string Name, object Value)[] parameters)
    {
        var rows = new List<T>();
        var reader = await Command(sql, parameters).ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
                rows.Add(map(reader));
            }
        }

        return rows;
    }

    /// <summary>
    /// The command of a statement, its parameters set; the provider keeps it prepared. A statement is always given the same parameters in the same
    /// order, because a prepared command of Npgsql's goes on reading the parameter objects that it was prepared with.
    /// </summary>
    public DbCommand Command(string sql, params (string Name, object Value)[] parameters)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = Connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, _) in parameters)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                command.Parameters.Add(parameter);
            }

            _commands.Add(sql, command);
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters[i].Value = parameters[i].Value;
        }

        return command;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in _commands.Values)
        {
            await command.DisposeAsync().ConfigureAwait(false);
        }

        await Connection.DisposeAsync().ConfigureAwait(false);
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using Hive.Tools.Configuration;
using Hive.Tools.Servers;

namespace Hive.Tools;

/// <summary>
/// The tools of servers of the Model Context Protocol. Servers are started when they are first needed, and those that are programs of ours end, with all that they
/// started, when this is disposed of. Whatever a server does, a question to it ends in bounded time, and what it says is bounded.
/// </summary>
public sealed class McpTools : ITools, IAsyncDisposable
{
    private readonly ImmutableArray<ServerConnection> _servers;

    /// <param name="file">The servers.</param>
    /// <param name="clock">Measures time-outs and the pauses before a server that fails is tried again; absent: the system's.</param>
    public McpTools(ToolsFile file, TimeProvider? clock = null) =>
        _servers = [.. file.Servers.Select(server => new ServerConnection(server, clock ?? TimeProvider.System))];

    /// <summary>The servers' names.</summary>
    public ImmutableArray<string> Servers => [.. _servers.Select(server => server.Name)];

    /// <summary>The tools of all servers that can be reached, by name; <see cref="LookAsync(CancellationToken)"/> says why others cannot.</summary>
    /// <inheritdoc/>
    public async Task<ImmutableArray<ToolSpec>> ListAsync(CancellationToken cancellation) =>
        [.. (await LookAsync(cancellation).ConfigureAwait(false)).SelectMany(report => report.Tools).OrderBy(tool => tool.Name, StringComparer.Ordinal)];

    /// <summary>Asks every server for its tools.</summary>
    /// <param name="cancellation">Stops asking.</param>
    /// <returns>A report for each server, in the file's order.</returns>
    public async Task<ImmutableArray<ToolServerReport>> LookAsync(CancellationToken cancellation) =>
        [.. await Task.WhenAll(_servers.Select(server => server.ListAsync(cancellation))).ConfigureAwait(false)];

    /// <summary>Asks one server for its tools.</summary>
    /// <param name="server">The server's name.</param>
    /// <param name="cancellation">Stops asking.</param>
    /// <returns>The report; absent where no server has that name.</returns>
    public async Task<ToolServerReport?> LookAsync(string server, CancellationToken cancellation) =>
        Find(server) is { } connection ? await connection.ListAsync(cancellation).ConfigureAwait(false) : null;

    /// <inheritdoc/>
    public async Task<ToolResult> CallAsync(string name, string arguments, CancellationToken cancellation)
    {
        if (Find(ToolNames.ServerOf(name)) is not { } server)
        {
            return new ToolResult($"there is no tool server '{OutsideText.Line(ToolNames.ServerOf(name), ToolNames.MaxServerLength)}'", IsError: true);
        }

        if (ToolArguments.Mistake(arguments) is { } mistake)
        {
            return new ToolResult(mistake, IsError: true);
        }

        using var document = JsonDocument.Parse(arguments);
        return await server.CallAsync(name, document.RootElement, cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends the servers that are programs of ours, and all that they started.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_servers.Select(server => server.DisposeAsync().AsTask())).ConfigureAwait(false);

    private ServerConnection? Find(string server) => _servers.FirstOrDefault(connection => connection.Name == server);
}

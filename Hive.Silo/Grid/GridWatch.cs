using Hive.Nats;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hive.Silo.Grid;

/// <summary>Tells people what happens to the connection, once for each change, and stops a host whose connection is over for good.</summary>
internal sealed partial class GridWatch(GridLink link, IHostApplicationLifetime host, ILogger<GridWatch> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        link.Connection.StateChanged += Tell;
        link.Connection.Noticed += Tell;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        link.Connection.StateChanged -= Tell;
        link.Connection.Noticed -= Tell;
        return Task.CompletedTask;
    }

    private void Tell(NatsStateChange change)
    {
        switch (change)
        {
            case { State: NatsState.Reconnecting }:
                LogLost(link.Options.Server, change.Reason?.Message ?? "it was closed");
                break;
            case { State: NatsState.Connected }:
                LogBack(link.Options.Server);
                break;
            case { State: NatsState.Closed, Reason: { } reason }:
                LogClosed(link.Options.Server, reason.Message);
                host.StopApplication();
                break;
        }
    }

    private void Tell(NatsNotice notice) => LogNotice(notice.Text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to {Server} is lost and being restored: {Reason}")]
    private partial void LogLost(string server, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to {Server} is back")]
    private partial void LogBack(string server);

    [LoggerMessage(Level = LogLevel.Error, Message = "The connection to {Server} is over: {Reason}")]
    private partial void LogClosed(string server, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "NATS: {Text}")]
    private partial void LogNotice(string text);
}

using System.ComponentModel;
using System.Globalization;
using Hive.Processes;
using Hive.Tools.Configuration;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Hive.Tools.Transport;

/// <summary>A server that is a program of ours, spoken to over its standard streams. It and all that it started end with this.</summary>
internal sealed class ProgramLink : IServerLink
{
    /// <summary>How many bytes a message has at most; each is a line.</summary>
    private const long MaxMessage = 16 << 20;

    private readonly Supervision _supervision;
    private readonly ChildProcess _child;

    private ProgramLink(Supervision supervision, ChildProcess child)
    {
        _supervision = supervision;
        _child = child;
        Transport = new StreamClientTransport(child.Input, new BoundedStream(child.Output, MaxMessage, isPerLine: true));
    }

    public IClientTransport Transport { get; }

    /// <summary>Starts the program.</summary>
    /// <param name="server">The server.</param>
    /// <exception cref="ToolServerException">It cannot be started.</exception>
    public static ProgramLink Start(ToolServer server)
    {
        if (!Directory.Exists(server.Directory))
        {
            throw new ToolServerException($"its folder '{server.Directory}' does not exist");
        }

        if (!ProgramFile.TryFind(server.Command[0], server.Directory, out var file, out var reason))
        {
            throw new ToolServerException($"its program {reason}");
        }

        var start = CleanStart.In(server.Directory);
        foreach (var (name, value) in server.Environment)
        {
            start.Environment[name] = value;
        }

        foreach (var name in server.PassEnvironment)
        {
            start.Environment[name] = HostEnvironment.Required(name);
        }

        var supervision = new Supervision();
        supervision.Apply(start, file, server.Command.Skip(1));
        try
        {
            return new ProgramLink(supervision, ChildProcess.Start(start, supervision, TimeProvider.System));
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            supervision.Dispose();
            throw new ToolServerException($"its program cannot be started in '{server.Directory}': {e.Message}");
        }
    }

    public async ValueTask<string> LastWordsAsync()
    {
        await _child.Exited.WaitAsync(ChildProcess.Grace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var errors = await _child.ErrorSummaryAsync().ConfigureAwait(false);
        var status = _child.Exited.IsCompleted ? string.Create(CultureInfo.InvariantCulture, $"; it ended with status {_child.ExitStatus}") : "";
        return errors.Length == 0 ? status : $"{status}; on standard error: {errors}";
    }

    public async ValueTask DisposeAsync()
    {
        // A server ends by itself when its input does; what does not is made to.
        await _child.CloseInputAsync().ConfigureAwait(false);
        await _child.DisposeAsync().ConfigureAwait(false);
        _supervision.Dispose();
    }
}

using System.Globalization;
using System.Text.Json;
using Hive.Tools.Configuration;
using Hive.Tools.Transport;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Hive.Tools.Servers;

/// <summary>One conversation with a running server, from its start to its end. Whatever the server does, every question ends in bounded time.</summary>
internal sealed class ServerSession : IAsyncDisposable
{
    /// <summary>How long a server may take to start and to list its tools; one started by npx may be downloaded first.</summary>
    public static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private const int MaxPages = 64;

    // The client says good-bye to a server that may not listen.
    private static readonly TimeSpan GoodByePatience = TimeSpan.FromSeconds(2);

    private readonly ToolServer _server;
    private readonly IServerLink _link;
    private readonly ToolRules _rules;
    private readonly TimeProvider _clock;
    private readonly McpClient _client;
    private ToolServerReport? _report;
    private long _calls;
    private long _answers;
    private volatile bool _isBroken;
    private int _disposed;

    private ServerSession(ToolServer server, IServerLink link, McpClient client, ToolRules rules, TimeProvider clock) =>
        (_server, _link, _client, _rules, _clock) = (server, link, client, rules, clock);

    /// <summary>Whether the server is gone, or not to be spoken to any more.</summary>
    public bool IsOver => _isBroken || _client.Completion.IsCompleted;

    /// <summary>Whether it has answered a call.</summary>
    public bool HasAnswered => Volatile.Read(ref _answers) > 0;

    /// <summary>Its tools as they were last asked for; absent where they have changed since.</summary>
    public ToolServerReport? Report => Volatile.Read(ref _report);

    /// <summary>Starts a server, or reaches one that runs.</summary>
    /// <param name="server">The server.</param>
    /// <param name="rules">What is taken from its list of tools.</param>
    /// <param name="clock">Measures time-outs.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ToolServerException">It does not start.</exception>
    public static async Task<ServerSession> StartAsync(ToolServer server, ToolRules rules, TimeProvider clock, CancellationToken cancellation)
    {
        IServerLink link = server.Url is null ? ProgramLink.Start(server) : HttpLink.To(server);
        using var patience = new CancellationTokenSource(StartTimeout, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        ServerSession? session = null;
        try
        {
            session = await ConnectAsync(server, link, rules, clock, stop.Token).WaitAsync(stop.Token).ConfigureAwait(false);
            await session.ListAsync(stop.Token).ConfigureAwait(false);
            return session;
        }
        catch (Exception e)
        {
            // The protocol's library throws whatever a server's nonsense makes it throw.
            var words = cancellation.IsCancellationRequested ? "" : await link.LastWordsAsync().ConfigureAwait(false);
            await (session ?? (IAsyncDisposable)link).DisposeAsync().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            throw new ToolServerException(
                patience.IsCancellationRequested ? $"it did not start within {StartTimeout.TotalSeconds} s{words}" : $"it does not start: {Reason(e)}{words}");
        }
    }

    /// <summary>Asks for its tools.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ToolServerReport> ListAsync(CancellationToken cancellation)
    {
        var tools = new List<Tool>();
        string? cursor = null;
        for (var page = 0; page < MaxPages && tools.Count <= ToolRules.MaxTools * MaxPages; page++)
        {
            var answer = await _client.ListToolsAsync(new ListToolsRequestParams { Cursor = cursor }, cancellation).AsTask().WaitAsync(cancellation).ConfigureAwait(false);
            tools.AddRange(answer.Tools);
            cursor = answer.NextCursor;
            if (string.IsNullOrEmpty(cursor))
            {
                break;
            }
        }

        var report = _rules.Read(tools);
        Volatile.Write(ref _report, report);
        return report;
    }

    /// <summary>Runs a tool.</summary>
    /// <param name="tool">Its own name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellation">Stops it; the server is told.</param>
    public async Task<ToolResult> CallAsync(string tool, IDictionary<string, JsonElement> arguments, CancellationToken cancellation)
    {
        var answersBefore = Volatile.Read(ref _answers);
        using var patience = new CancellationTokenSource(_server.Timeout, _clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        var id = new RequestId(string.Create(CultureInfo.InvariantCulture, $"hive-{Interlocked.Increment(ref _calls)}"));
        try
        {
            var question = new CallToolRequestParams { Name = tool, Arguments = arguments };
            var asking = _client.SendRequestAsync<CallToolRequestParams, CallToolResult>(RequestMethods.ToolsCall, question, requestId: id, cancellationToken: stop.Token);
            var result = await asking.AsTask().WaitAsync(stop.Token).ConfigureAwait(false);
            Interlocked.Increment(ref _answers);
            return ResultText.Of(result);
        }
        catch (Exception e) when (e is McpProtocolException or InvalidOperationException)
        {
            // The latter is thrown where the tool wants to ask a person or a model something, which nobody here answers.
            Interlocked.Increment(ref _answers);
            return Failed($"the server refuses the call: {Reason(e)}");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await TellAsync(id).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();

            // A slow tool leaves its server able to answer others; a server that answered nothing meanwhile hangs.
            _isBroken |= Volatile.Read(ref _answers) == answersBefore;
            return Failed($"the tool gave no answer within {_server.Timeout.TotalSeconds} s; whether it took effect is not known");
        }
        catch (Exception e)
        {
            cancellation.ThrowIfCancellationRequested();
            _isBroken = true;
            return Failed($"the server '{_server.Name}' failed while it ran the tool: {Reason(e)}{await _link.LastWordsAsync().ConfigureAwait(false)}; whether the tool took effect is not known");
        }
    }

    /// <summary>Ends the conversation, and the server where it is ours.</summary>
    public async ValueTask DisposeAsync()
    {
        _isBroken = true;
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _client.DisposeAsync().AsTask().WaitAsync(GoodByePatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _link.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<ServerSession> ConnectAsync(ToolServer server, IServerLink link, ToolRules rules, TimeProvider clock, CancellationToken stop)
    {
        ServerSession? session = null;
        var options = new McpClientOptions
        {
            ClientInfo = new Implementation { Name = "hive", Version = typeof(ServerSession).Assembly.GetName().Version?.ToString(3) ?? "0" },
            InitializationTimeout = StartTimeout,
            TimeProvider = clock,
            Handlers = new McpClientHandlers { NotificationHandlers = [new(NotificationMethods.ToolListChangedNotification, (_, _) => { session?.Forget(); return default; })] },
        };
        session = new ServerSession(server, link, await McpClient.CreateAsync(link.Transport, options, cancellationToken: stop).ConfigureAwait(false), rules, clock);
        return session;
    }

    /// <summary>Tells the server that a call is given up. The library does so too, but loses the race against its own clearing up.</summary>
    private async Task TellAsync(RequestId id)
    {
        var telling = _client.SendNotificationAsync(NotificationMethods.CancelledNotification, new CancelledNotificationParams { RequestId = id, Reason = "given up" });
        await telling.WaitAsync(GoodByePatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static ToolResult Failed(string reason) => new(reason, IsError: true);

    /// <summary>What went wrong, and what that came of.</summary>
    private static string Reason(Exception e) => OutsideText.Line(e.GetBaseException() is var cause && cause != e ? $"{e.Message} {cause.Message}" : e.Message, 400);

    private void Forget() => Volatile.Write(ref _report, null);
}

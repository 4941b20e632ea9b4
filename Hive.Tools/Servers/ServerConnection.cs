using System.Globalization;
using System.Text.Json;
using Hive.Tools.Configuration;

namespace Hive.Tools.Servers;

/// <summary>
/// A server as its users see it: there when it is needed. It is started by the first who asks, and started anew by the next after it died; one that keeps failing is
/// given longer and longer pauses. A call is never repeated: it may have taken effect.
/// </summary>
internal sealed class ServerConnection(ToolServer server, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>How many calls a server has at once; further ones wait.</summary>
    private const int MaxCalls = 16;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    private readonly ToolRules _rules = new(server);
    private readonly SemaphoreSlim _calls = new(MaxCalls);
    private readonly SemaphoreSlim _starting = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private ServerSession? _session;
    private int _failures;
    private string _lastFailure = "";
    private long _failedAt;

    /// <summary>The server's name.</summary>
    public string Name => server.Name;

    /// <summary>Its tools, or why they cannot be had.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ToolServerReport> ListAsync(CancellationToken cancellation)
    {
        try
        {
            var session = await GetAsync(cancellation).ConfigureAwait(false);
            return await ListAsync(session, cancellation).ConfigureAwait(false);
        }
        catch (ToolServerException e)
        {
            return new ToolServerReport(server.Name, [], [], e.Message);
        }
    }

    /// <summary>Runs a tool.</summary>
    /// <param name="name">Its full name.</param>
    /// <param name="arguments">Its arguments, one JSON object.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<ToolResult> CallAsync(string name, JsonElement arguments, CancellationToken cancellation)
    {
        await _calls.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var session = await GetAsync(cancellation).ConfigureAwait(false);
            var report = await ListAsync(session, cancellation).ConfigureAwait(false);
            if (!report.Tools.Any(tool => tool.Name == name))
            {
                return new ToolResult($"there is no tool '{OutsideText.Line(name, 200)}'", IsError: true);
            }

            var members = arguments.EnumerateObject().ToDictionary(member => member.Name, member => member.Value);
            var result = await session.CallAsync(name[(server.Name.Length + 1)..], members, cancellation).ConfigureAwait(false);
            await EndIfOverAsync(session).ConfigureAwait(false);
            return result;
        }
        catch (ToolServerException e)
        {
            return new ToolResult($"the tool server '{server.Name}' cannot be used: {e.Message}", IsError: true);
        }
        finally
        {
            _calls.Release();
        }
    }

    /// <summary>Ends the server where it is ours.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _starting.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_session is { } session)
            {
                _session = null;
                await session.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task<ServerSession> GetAsync(CancellationToken cancellation)
    {
        await _starting.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            if (_session is { IsOver: false } living)
            {
                return living;
            }

            await EndAsync().ConfigureAwait(false);
            WaitForPause();
            _session = await StartAsync(cancellation).ConfigureAwait(false);
            return _session;
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task<ServerSession> StartAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping.Token);
        try
        {
            return await ServerSession.StartAsync(server, _rules, clock, stop.Token).ConfigureAwait(false);
        }
        catch (ToolServerException e)
        {
            Fail(e.Message);
            throw;
        }
    }

    private async Task<ToolServerReport> ListAsync(ServerSession session, CancellationToken cancellation)
    {
        if (session.Report is { } known)
        {
            return known;
        }

        using var patience = new CancellationTokenSource(server.Timeout, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return await session.ListAsync(stop.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            cancellation.ThrowIfCancellationRequested();
            await session.DisposeAsync().ConfigureAwait(false);
            throw new ToolServerException(patience.IsCancellationRequested
                ? $"it did not list its tools within {server.Timeout.TotalSeconds} s"
                : $"it does not list its tools: {OutsideText.Line(e.Message, 400)}");
        }
    }

    /// <summary>Takes away a server that died or hangs, at once and not only when it is needed again.</summary>
    private async Task EndIfOverAsync(ServerSession session)
    {
        if (!session.IsOver)
        {
            return;
        }

        await _starting.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_session == session)
            {
                await EndAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task EndAsync()
    {
        if (_session is not { } over)
        {
            return;
        }

        _session = null;
        await over.DisposeAsync().ConfigureAwait(false);
        if (over.HasAnswered)
        {
            _failures = 0;
        }
        else
        {
            Fail("it died before it answered a call");
        }
    }

    private void Fail(string reason)
    {
        _failures++;
        _lastFailure = reason;
        _failedAt = clock.GetTimestamp();
    }

    /// <summary>A first failure may be an accident; from the second on there is a pause of 1 s, doubled each time.</summary>
    /// <exception cref="ToolServerException">The pause is not over.</exception>
    private void WaitForPause()
    {
        if (_failures < 2)
        {
            return;
        }

        var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.ScaleB(1, Math.Min(_failures - 2, 10))));
        var left = pause - clock.GetElapsedTime(_failedAt);
        if (left > TimeSpan.Zero)
        {
            throw new ToolServerException(string.Create(
                CultureInfo.InvariantCulture, $"it failed {_failures} times and is tried again in {Math.Ceiling(left.TotalSeconds)} s; last time {_lastFailure}"));
        }
    }
}

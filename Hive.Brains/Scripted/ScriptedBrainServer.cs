using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Hive.Brains.Scripted;

/// <summary>
/// An OpenAI-compatible server on loopback that answers by a script; it is no model. <c>POST /v1/chat/completions</c> (whole or as a stream), <c>GET /v1/models</c>, and
/// <c>GET /ledger</c>, which tells what was counted. Its faults are real ones: sockets that close, JSON that is cut, silence until the caller gives up.
/// </summary>
public sealed class ScriptedBrainServer : IAsyncDisposable
{
    private const int MostBytes = 16 * 1024 * 1024;

    private readonly WebApplication _host;
    private readonly ScriptedBookkeeper _books;
    private readonly ScriptedMind _mind;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private long _calls;

    private ScriptedBrainServer(WebApplication host, ScriptedMind mind, ScriptedBookkeeper books, TimeProvider time) =>
        (_host, _mind, _books, _time) = (host, mind, books, time);

    /// <summary>Where it answers, like <c>http://127.0.0.1:40000/v1</c>.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>What it has counted so far.</summary>
    public ScriptedLedger Ledger => _books.Snapshot();

    /// <summary>Starts a server.</summary>
    /// <param name="script">What it says.</param>
    /// <param name="options">Where it listens, and what it keeps.</param>
    /// <param name="cancellation">Gives up the start.</param>
    /// <exception cref="IOException">The port is taken, or the ledger's file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The ledger's file may not be written.</exception>
    public static async Task<ScriptedBrainServer> StartAsync(BrainScript script, ScriptedServerOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new ScriptedServerOptions();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBytes;
        });
        var books = new ScriptedBookkeeper(options.LedgerFile);
        var host = builder.Build();
        var server = new ScriptedBrainServer(host, new ScriptedMind(script), books, options.Time);
        host.Run(server.HandleAsync);
        try
        {
            await host.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        server.Endpoint = new Uri(host.Urls.Single() + "/v1");
        return server;
    }

    /// <summary>Stops the server; calls at work are cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _host.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        await _host.DisposeAsync().ConfigureAwait(false);
        _books.Dispose();
        _stopping.Dispose();
    }

    private Task HandleAsync(HttpContext http) => (http.Request.Method, http.Request.Path.Value) switch
    {
        ("POST", "/v1/chat/completions") => CompleteAsync(http),
        ("GET", "/v1/models") => WriteAsync(http, StatusCodes.Status200OK, CompletionReplyWriter.Models(_mind.Script)),
        ("GET", "/ledger") => WriteAsync(http, StatusCodes.Status200OK, CompletionReplyWriter.Ledger(_books.Snapshot())),
        _ => WriteAsync(
            http,
            StatusCodes.Status404NotFound,
            CompletionReplyWriter.Error("invalid_request_error", "There are POST /v1/chat/completions, GET /v1/models and GET /ledger here.")),
    };

    private async Task CompleteAsync(HttpContext http)
    {
        _books.Begin();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _stopping.Token);
        try
        {
            await AnswerAsync(http, ending.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or BadHttpRequestException)
        {
            _books.Abort();
            http.Abort();
        }
        finally
        {
            _books.End();
        }
    }

    private async Task AnswerAsync(HttpContext http, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, cancellation).ConfigureAwait(false);
        CompletionRequest request;
        try
        {
            request = CompletionRequestReader.Read(body.GetBuffer().AsMemory(0, (int)body.Length), http.Request.Headers[BrainHeaders.IdempotencyKey]);
        }
        catch (FormatException e)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, "invalid_request_error", e.Message).ConfigureAwait(false);
            return;
        }

        if (_mind.Find(request.Model) is null)
        {
            var known = string.Join(", ", _mind.Script.Models.Select(model => model.Name));
            await RefuseAsync(http, StatusCodes.Status404NotFound, "invalid_request_error", $"There is no model '{request.Model}' here; there are {known}.").ConfigureAwait(false);
            return;
        }

        var answer = _mind.Decide(request.Model, request.Request);
        if (answer.Latency > TimeSpan.Zero)
        {
            await Task.Delay(answer.Latency, _time, cancellation).ConfigureAwait(false);
        }

        switch (answer.Fault)
        {
            case ScriptedFault.Busy429:
                http.Response.Headers.RetryAfter = _mind.Script.Faults.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
                await RefuseAsync(http, StatusCodes.Status429TooManyRequests, "rate_limit_error", "The script leaves no room for this call.").ConfigureAwait(false);
                return;
            case ScriptedFault.Error500 when !_mind.Script.Faults.Error500Billed:
                await RefuseAsync(http, StatusCodes.Status500InternalServerError, "server_error", "The script lets this call fail.").ConfigureAwait(false);
                return;
            case ScriptedFault.Error500:
                Bill(request, answer);
                await WriteAsync(http, StatusCodes.Status500InternalServerError, CompletionReplyWriter.Error("server_error", "The script lets this call fail.")).ConfigureAwait(false);
                return;
            case ScriptedFault.Stall when answer.Variant % 2 == 0:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false);
                return;
        }

        Bill(request, answer);
        var reply = WireReply.Of(request, Interlocked.Increment(ref _calls), _time.GetUtcNow(), answer);
        await reply.SendAsync(http, answer, cancellation).ConfigureAwait(false);
    }

    private void Bill(CompletionRequest request, ScriptedAnswer answer) => _books.Bill(request.Model, request.Request.Key, answer.PromptTokens, answer.CompletionTokens);

    private Task RefuseAsync(HttpContext http, int status, string type, string message)
    {
        _books.Refuse();
        return WriteAsync(http, status, CompletionReplyWriter.Error(type, message));
    }

    private static async Task WriteAsync(HttpContext http, int status, byte[] json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = json.Length;
        await http.Response.Body.WriteAsync(json, http.RequestAborted).ConfigureAwait(false);
    }
}

using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Hive.Brains.Configuration;
using Hive.Brains.Servers;
using Hive.Brains.Wire;
using Microsoft.Extensions.AI;

namespace Hive.Brains.Calls;

/// <summary>
/// Asks one brain. A call is sent a second time only where the server said that it did not take it up (429, or 503, with <c>Retry-After</c>), and never for longer than a
/// bound; whatever else fails is told to the caller, who alone knows what another try may cost.
/// </summary>
internal sealed class BrainClient : IChatClient
{
    private const int MaxIdempotencyKey = 255;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);

    private static readonly MediaTypeHeaderValue JsonType = new("application/json");

    private readonly BrainEntry _brain;
    private readonly BrainLimits _limits;
    private readonly HttpClient _http;
    private readonly Turns _turns;
    private readonly ModelServer? _server;
    private readonly TimeProvider _time;
    private readonly Faults _faults;
    private readonly Uri _address;
    private readonly string? _authorization;
    private readonly ChatClientMetadata _metadata;

    /// <summary>Makes a client.</summary>
    /// <param name="brain">The brain.</param>
    /// <param name="key">Its key; absent where it needs none, or where its environment variable is empty.</param>
    /// <param name="limits">The bounds.</param>
    /// <param name="http">What carries the calls.</param>
    /// <param name="turns">Who may ask, and when.</param>
    /// <param name="server">Its server, where Hive starts it.</param>
    /// <param name="time">Measures.</param>
    public BrainClient(BrainEntry brain, string? key, BrainLimits limits, HttpClient http, Turns turns, ModelServer? server, TimeProvider time)
    {
        (_brain, _limits, _http, _turns, _server, _time) = (brain, limits, http, turns, server, time);
        _faults = new Faults(brain, key);
        _address = new Uri(brain.Endpoint, "chat/completions");
        _authorization = key is null ? null : $"Bearer {key}";
        _metadata = new ChatClientMetadata("openai", brain.Endpoint, brain.Spec.Model);
    }

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var call = Prepare(messages, options, _brain.IsStreamed);
        using var turn = await _turns.TakeAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var use = await UseServerAsync(cancellationToken).ConfigureAwait(false);
            using var exchange = await SendAsync(call, cancellationToken).ConfigureAwait(false);
            var response = await new Answer(exchange, _faults).ReadAsync().ConfigureAwait(false);
            turn.Succeed();
            return response;
        }
        catch (BrainException e)
        {
            turn.Fail(e.Fault);
            throw;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var call = Prepare(messages, options, isStreamed: true);
        using var turn = await _turns.TakeAsync(cancellationToken).ConfigureAwait(false);
        using var use = await TellAsync(turn, UseServerAsync(cancellationToken)).ConfigureAwait(false);
        using var exchange = await TellAsync(turn, new ValueTask<Exchange>(SendAsync(call, cancellationToken))).ConfigureAwait(false);
        var answer = new Answer(exchange, _faults);
        while (await TellAsync(turn, answer.NextAsync()).ConfigureAwait(false) is { } update)
        {
            yield return update;
        }

        turn.Succeed();
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? _metadata
        : serviceType == typeof(BrainSpec) ? _brain.Spec
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    /// <summary>Does nothing: connections and servers belong to the pool.</summary>
    public void Dispose()
    {
    }

    private static async ValueTask<T> TellAsync<T>(Turns.Turn turn, ValueTask<T> step)
    {
        try
        {
            return await step.ConfigureAwait(false);
        }
        catch (BrainException e)
        {
            turn.Fail(e.Fault);
            throw;
        }
    }

    private Call Prepare(IEnumerable<ChatMessage> messages, ChatOptions? options, bool isStreamed)
    {
        if (_brain.KeyVariable is { } variable && _authorization is null)
        {
            throw _faults.NotSent(BrainFault.Refused, $"the environment variable {variable}, which should hold its key, is not set or holds no key");
        }

        var idempotencyKey = options?.AdditionalProperties is { } properties && properties.TryGetValue(BrainHeaders.IdempotencyKeyProperty, out var value) ? value as string : null;
        if (idempotencyKey is not null && (idempotencyKey.Length is 0 or > MaxIdempotencyKey || !idempotencyKey.All(letter => letter is > ' ' and <= '~')))
        {
            throw _faults.NotSent(BrainFault.Refused, $"an idempotency key has 1 to {MaxIdempotencyKey} visible ASCII characters");
        }

        var body = new ArrayBufferWriter<byte>(2_048);
        try
        {
            ChatRequest.Write(body, _brain.Spec.Model, _brain.MaxTokensMember, messages, options, isStreamed);
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentException)
        {
            throw _faults.NotSent(BrainFault.Refused, e.Message);
        }

        return new Call(body.WrittenMemory, idempotencyKey);
    }

    private ValueTask<ModelServer.Use?> UseServerAsync(CancellationToken cancellation) => _server is null ? default : _server.UseAsync(cancellation);

    private async Task<Exchange> SendAsync(Call call, CancellationToken cancellation)
    {
        var waited = TimeSpan.Zero;
        while (true)
        {
            // What another call was told holds for this one.
            waited = await WaitAsync(waited, cancellation).ConfigureAwait(false);
            using var request = Request(call);
            var exchange = await Exchange.SendAsync(_http, request, _brain, _faults, _limits.MaxAnswerBytes, _time, cancellation).ConfigureAwait(false);
            if ((int)exchange.Status is >= 200 and < 300)
            {
                return exchange;
            }

            using (exchange)
            {
                var wait = RetryAfter.Read(exchange.RetryAfterText, _time.GetUtcNow());
                var error = ErrorReader.Read(await exchange.ReadErrorAsync().ConfigureAwait(false));
                cancellation.ThrowIfCancellationRequested();
                if (wait is not { } given || exchange.Status is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
                {
                    throw _faults.OfStatus(exchange.Status, error, hasAskedToWait: false);
                }

                // A server that says "at once" and refuses again would be asked in a circle.
                var patience = given > ShortestWait ? given : ShortestWait;
                if (waited + patience > _limits.MaxBusyWait)
                {
                    throw _faults.OfStatus(exchange.Status, error, hasAskedToWait: true);
                }

                _turns.Busy(patience);
            }
        }
    }

    private async ValueTask<TimeSpan> WaitAsync(TimeSpan waited, CancellationToken cancellation)
    {
        while (_turns.BusyFor is var left && left > TimeSpan.Zero)
        {
            // Timers count in milliseconds; a fraction of one would be no wait at all.
            var wait = TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
            if (waited + wait > _limits.MaxBusyWait)
            {
                throw _faults.NotSent(BrainFault.Busy, $"the server has no room and asks to wait for {wait.TotalSeconds:0.#} s more; a call waits {_limits.MaxBusyWait.TotalSeconds:0.#} s in all");
            }

            await Task.Delay(wait, _time, cancellation).ConfigureAwait(false);
            waited += wait;
        }

        return waited;
    }

    private HttpRequestMessage Request(Call call)
    {
        var content = new ReadOnlyMemoryContent(call.Body);
        content.Headers.ContentType = JsonType;
        var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = content };
        if (_authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", _authorization);
        }

        if (call.IdempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation(BrainHeaders.IdempotencyKey, call.IdempotencyKey);
        }

        return request;
    }

    private readonly record struct Call(ReadOnlyMemory<byte> Body, string? IdempotencyKey);
}

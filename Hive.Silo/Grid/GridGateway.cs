using System.Text;
using System.Text.Json;
using Hive.Client;
using Hive.Client.Grid;
using Hive.Goals;
using Hive.Nats;
using Hive.Research;
using Hive.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hive.Silo.Grid;

/// <summary>
/// Answers the requests of <see cref="GridApi"/> on the hub. The server's permissions see to it that nobody publishes under another's name; this sees to it that nobody
/// reaches another's goals.
/// </summary>
internal sealed partial class GridGateway(
    GridLink link, IHive hive, IReadOnlyList<IGridVerb> verbs, ILogger<GridGateway> logger) : IHostedService, IDisposable
{
    /// <summary>The most requests under way at once; watchers wait here too.</summary>
    private const int MaxRequests = 4_096;

    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, IGridVerb> _verbs = verbs.ToDictionary(verb => verb.Name, StringComparer.Ordinal);
    private NatsSubscription? _subscription;
    private int _underWay;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = await link.Connection.SubscribeAsync(GridApi.Subject(link.Options.Cluster, "*", "*"), Take, cancellation: cancellationToken);
        await link.Connection.FlushAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (_subscription is { } subscription)
        {
            await subscription.DisposeAsync();
        }
    }

    public void Dispose() => _stop.Dispose();

    private void Take(in NatsMessageView message)
    {
        if (message.ReplyTo.IsEmpty || !link.MayAct)
        {
            // Nobody waits for an answer; or another hub may be the one to give it.
            return;
        }

        var request = message.ToMessage();
        if (Interlocked.Increment(ref _underWay) > MaxRequests)
        {
            Interlocked.Decrement(ref _underWay);
            Reply(request, GridApi.Refusal(GridErrorKind.Unavailable, $"the hub has {MaxRequests} requests under way, which is as many as it takes; ask again"));
            return;
        }

        _ = Task.Run(() => AnswerAsync(request));
    }

    private async Task AnswerAsync(NatsMessage request)
    {
        try
        {
            Reply(request, await TryAnswerAsync(request));
        }
        catch (Exception e)
        {
            LogNotAnswered(e, request.Subject);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private async Task<byte[]> TryAnswerAsync(NatsMessage request)
    {
        try
        {
            var words = request.Subject.Split('.');
            var (user, verb) = (words[^2], words[^1]);
            if (!_verbs.TryGetValue(verb, out var known))
            {
                return GridApi.Refusal(GridErrorKind.BadInput, $"'{verb}' is no verb of this hub; known are {string.Join(", ", _verbs.Keys.Order(StringComparer.Ordinal))}");
            }

            using var json = JsonDocument.Parse(request.Payload.IsEmpty ? "{}"u8.ToArray() : request.Payload);
            CheckVersion(json.RootElement);
            return await known.AnswerAsync(hive, user, json.RootElement, _stop.Token);
        }
        catch (Exception e)
        {
            return RefusalOf(e);
        }
    }

    private static void CheckVersion(JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object)
        {
            throw new ArgumentException("a request is a JSON object");
        }

        if (request.TryGetProperty("version", out var version) && !(version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out var number) && number == GridApi.Version))
        {
            throw new ArgumentException($"this hub speaks version {GridApi.Version} of the grid's interface, the request is of version {version.GetRawText()}; use programs of one version");
        }
    }

    private static byte[] RefusalOf(Exception e) => e switch
    {
        JsonException => GridApi.Refusal(GridErrorKind.BadInput, $"the request is no JSON: {e.Message}"),
        ArgumentException or FormatException => GridApi.Refusal(GridErrorKind.BadInput, e.Message),
        CampaignBusyException => GridApi.Refusal(GridErrorKind.Busy, e.Message),
        KeyNotFoundException => GridApi.Refusal(GridErrorKind.Unknown, e.Message),
        GoalBusyException => GridApi.Refusal(GridErrorKind.Busy, e.Message),
        OperationCanceledException or ObjectDisposedException => GridApi.Refusal(GridErrorKind.Unavailable, "the hub is stopping; ask again"),
        StorageException { Fault: StorageFault.LeaseLost or StorageFault.Unreachable or StorageFault.Overloaded } or OrleansException or TimeoutException =>
            GridApi.Refusal(GridErrorKind.Unavailable, e.Message),
        _ => GridApi.Refusal(GridErrorKind.Failed, $"{e.GetType().Name}: {e.Message}"),
    };

    private void Reply(NatsMessage request, byte[] reply)
    {
        if (!link.MayAct)
        {
            // What a hub without authority found out is nobody's truth any more.
            return;
        }

        if (reply.Length > link.Connection.MaxPayload)
        {
            reply = GridApi.Refusal(GridErrorKind.Failed, $"the answer has {reply.Length:N0} bytes, and the NATS server carries {link.Connection.MaxPayload:N0}; raise its max_payload");
        }

        link.Connection.TryPublish(request.ReplyTo!, reply);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request on {Subject} was not answered")]
    private partial void LogNotAnswered(Exception e, string subject);
}

/// <summary>One verb of <see cref="GridApi"/>.</summary>
internal interface IGridVerb
{
    /// <summary>The last word of the subject.</summary>
    string Name { get; }

    /// <summary>Answers a request.</summary>
    /// <param name="hive">The hive.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="request">The request, a JSON object.</param>
    /// <param name="cancellation">The hub stops.</param>
    /// <returns>The reply, UTF-8 JSON.</returns>
    Task<byte[]> AnswerAsync(IHive hive, string user, JsonElement request, CancellationToken cancellation);
}

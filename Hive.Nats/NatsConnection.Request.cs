using System.Runtime.CompilerServices;
using Hive.Nats.Internal;

namespace Hive.Nats;

public sealed partial class NatsConnection
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);

    private readonly SemaphoreSlim _inboxGate = new(1, 1);

    private NatsSubscription? _inboxSubscription;

    /// <summary>Sends a request and waits for its first reply, over one inbox that all requests of this connection share.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="timeout">Bound on the wait: more than nothing, at most a day.</param>
    /// <param name="headers">The headers; null for none.</param>
    /// <param name="cancellation">Gives up the wait; the request may be carried out all the same.</param>
    /// <exception cref="NoRespondersException">Nobody subscribes to the subject; known at once.</exception>
    /// <exception cref="NatsException">No reply came in time, the connection was lost meanwhile (whether the request was carried out is not known then), too many
    /// requests are under way, the message is too large, the server does not permit it, or the connection is closed.</exception>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<NatsMessage> RequestAsync(NatsSubject subject, ReadOnlyMemory<byte> payload, TimeSpan timeout, NatsHeaders? headers = null,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, LongestTimeout);
        cancellation.ThrowIfCancellationRequested();
        if (Volatile.Read(ref _inboxSubscription) is not { Completion.IsCompleted: false } inbox)
        {
            inbox = await SubscribeInboxAsync(cancellation).ConfigureAwait(false);
        }

        var request = _requests.Begin(subject, timeout, cancellation);
        try
        {
            if (inbox.Completion.IsCompleted)
            {
                // The inbox ended before this request could be among those that fail with it.
                await inbox.Completion.ConfigureAwait(false);
                throw IsClosed();
            }

            while (!TryAppend(subject.Span, request.ReplyTo.Span, headers, payload.Span, default, mayWait: true, out var size))
            {
                await _outgoing.WaitForRoomAsync(size, cancellation).WaitAsync(timeout, _options.TimeProvider, cancellation).ConfigureAwait(false);
            }

            return await request.Reply.ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new NatsException(NatsErrorKind.TimedOut, $"The request on '{subject}' could not be sent within {timeout.TotalSeconds:0.###} s: the outgoing buffer is full.", e);
        }
        finally
        {
            _requests.End(request);
        }
    }

    private async Task<NatsSubscription> SubscribeInboxAsync(CancellationToken cancellation)
    {
        await _inboxGate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_inboxSubscription is null or { Completion.IsCompleted: true })
            {
                var inbox = new HandlerSubscription(this, $"{Inbox}.*", null, _requests.Take);
                await AddAsync(inbox, cancellation).ConfigureAwait(false);
                Volatile.Write(ref _inboxSubscription, inbox);
                _ = inbox.Completion.ContinueWith(ended => _requests.Fail(ended.Exception?.InnerException ?? IsClosed()), CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }

            return _inboxSubscription;
        }
        finally
        {
            _inboxGate.Release();
        }
    }
}

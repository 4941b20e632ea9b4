namespace Hive.Nats;

/// <summary>Interest in a subject. It outlives the loss of a server: the connection subscribes again by itself; what was published meanwhile is lost.</summary>
public abstract class NatsSubscription : IAsyncDisposable
{
    private readonly NatsConnection _connection;

    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private long _delivered;

    private long _max = long.MaxValue;

    internal NatsSubscription(NatsConnection connection, string subject, string? queueGroup)
    {
        _connection = connection;
        Subject = subject;
        QueueGroup = queueGroup;
        SubjectUtf8 = NatsSubject.Encode(subject, wildcards: true);
        QueueGroupUtf8 = queueGroup is null ? null : NatsSubject.Encode(queueGroup, wildcards: false);
    }

    /// <summary>The subject, perhaps with wildcards: <c>*</c> for one token, <c>></c> for all that follow.</summary>
    public string Subject { get; }

    /// <summary>The group of which one member receives each message; null if each subscription does.</summary>
    public string? QueueGroup { get; }

    /// <summary>The messages received so far.</summary>
    public long Delivered => Volatile.Read(ref _delivered);

    /// <summary>Completes when the subscription has ended; fails with the <see cref="NatsException"/> if the server refused it or the connection failed.</summary>
    public Task Completion => _completion.Task;

    internal byte[] SubjectUtf8 { get; }

    internal byte[]? QueueGroupUtf8 { get; }

    /// <summary>The number under which the server delivers.</summary>
    internal long Id { get; set; }

    /// <summary>Messages in all after which the subscription ends.</summary>
    internal long Max
    {
        get => Volatile.Read(ref _max);
        set => Volatile.Write(ref _max, value);
    }

    /// <summary>Messages that came before the present server counted.</summary>
    internal long DeliveredBefore { get; set; }

    /// <summary>Whether the server was told that nothing more is wanted, while what is under way is still taken.</summary>
    internal bool IsSilenced { get; set; }

    /// <summary>Ends the subscription.</summary>
    /// <param name="afterMessages">Messages in all, counted from its beginning, after which it ends by itself; null to end it now.</param>
    /// <param name="cancellation">Gives up the wait for room in the outgoing buffer.</param>
    public ValueTask UnsubscribeAsync(long? afterMessages = null, CancellationToken cancellation = default)
    {
        if (afterMessages is { } max)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        }

        return _connection.UnsubscribeAsync(this, afterMessages, cancellation);
    }

    /// <summary>Ends the subscription.</summary>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _connection.UnsubscribeAsync(this, null, CancellationToken.None);
    }

    /// <summary>Takes a message on the read loop; true if it was the last.</summary>
    internal bool Take(in NatsMessageView message)
    {
        var delivered = Interlocked.Increment(ref _delivered);
        Deliver(message);
        return delivered >= Max;
    }

    /// <summary>Hands a message on.</summary>
    private protected abstract void Deliver(in NatsMessageView message);

    /// <summary>Takes note that nothing more will come.</summary>
    internal virtual void End(NatsException? reason)
    {
        if (reason is null)
        {
            _completion.TrySetResult();
        }
        else if (_completion.TrySetException(reason))
        {
            // Who does not look at the completion is told by a notice or a change of state.
            _ = _completion.Task.Exception;
        }
    }

    /// <summary>The subscription in words.</summary>
    public override string ToString() => QueueGroup is null ? $"'{Subject}'" : $"'{Subject}' in group '{QueueGroup}'";
}

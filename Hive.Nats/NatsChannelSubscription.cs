using System.Threading.Channels;

namespace Hive.Nats;

/// <summary>A subscription whose messages are copied into a bounded channel. When its reader falls behind, the newest messages are dropped and counted, and the connection gives notice.</summary>
public sealed class NatsChannelSubscription : NatsSubscription
{
    private readonly NatsConnection _connection;

    private readonly Channel<NatsMessage> _channel;

    private long _dropped;

    private bool _slow;

    internal NatsChannelSubscription(NatsConnection connection, string subject, string? queueGroup, int capacity)
        : base(connection, subject, queueGroup)
    {
        _connection = connection;
        _channel = Channel.CreateBounded<NatsMessage>(new BoundedChannelOptions(capacity) { SingleWriter = true, FullMode = BoundedChannelFullMode.Wait });
    }

    /// <summary>The messages; completed when the subscription has ended.</summary>
    public ChannelReader<NatsMessage> Messages => _channel.Reader;

    /// <summary>The messages dropped so far.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    private protected override void Deliver(in NatsMessageView message)
    {
        if (_channel.Writer.TryWrite(message.ToMessage()))
        {
            _slow = false;
            return;
        }

        Interlocked.Increment(ref _dropped);
        if (!_slow)
        {
            _slow = true;
            _connection.Notice(new NatsNotice(NatsNoticeKind.SlowConsumer, $"The reader of {this} falls behind; the newest messages are dropped.", this));
        }
    }

    internal override void End(NatsException? reason)
    {
        _channel.Writer.TryComplete(reason);
        base.End(reason);
    }
}

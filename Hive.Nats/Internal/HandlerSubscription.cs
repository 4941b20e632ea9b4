namespace Hive.Nats.Internal;

/// <summary>A subscription whose messages are handled on the read loop. A handler that throws loses its message and nothing else.</summary>
internal sealed class HandlerSubscription(NatsConnection connection, string subject, string? queueGroup, NatsMessageHandler handler)
    : NatsSubscription(connection, subject, queueGroup)
{
    private readonly NatsConnection _owner = connection;

    private protected override void Deliver(in NatsMessageView message)
    {
        try
        {
            handler(message);
        }
        catch (Exception e)
        {
            _owner.Notice(new NatsNotice(NatsNoticeKind.HandlerFailed, $"The handler of {this} threw: {e.Message}", this, e));
        }
    }
}

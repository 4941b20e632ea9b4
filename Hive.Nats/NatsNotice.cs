namespace Hive.Nats;

/// <summary>What a notice is about.</summary>
public enum NatsNoticeKind
{
    /// <summary>The server refused a publication or a subscription; the subscription has failed.</summary>
    PermissionsViolation,

    /// <summary>A channel was full, and the newest message was dropped; told once for each time that the reader falls behind.</summary>
    SlowConsumer,

    /// <summary>A message handler or a listener to an event threw.</summary>
    HandlerFailed,

    /// <summary>Another client sent headers that break the grammar; the message was dropped.</summary>
    BadHeaders,

    /// <summary>The server is about to shut down.</summary>
    LameDuck,

    /// <summary>The server reported an error and goes on.</summary>
    ServerError,
}

/// <summary>Something that a connection's owner should know and that does not end the connection.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Text">What happened.</param>
/// <param name="Subscription">The subscription that it concerns, if one is known.</param>
/// <param name="Exception">What was thrown, if something was.</param>
public sealed record NatsNotice(NatsNoticeKind Kind, string Text, NatsSubscription? Subscription = null, Exception? Exception = null);

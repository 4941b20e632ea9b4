namespace Hive.Nats;

/// <summary>Where a connection stands.</summary>
public enum NatsState
{
    /// <summary>A server answers.</summary>
    Connected,

    /// <summary>The server was lost, and the connection tries to reach one again.</summary>
    Reconnecting,

    /// <summary>Over for good.</summary>
    Closed,
}

/// <summary>A change of a connection's state.</summary>
/// <param name="State">The new state.</param>
/// <param name="Reason">Why the server was lost or the connection closed; null when it is connected, or was closed by its owner.</param>
public sealed record NatsStateChange(NatsState State, NatsException? Reason);

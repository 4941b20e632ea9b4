namespace Hive.Gossip;

/// <summary>
/// Carries events to whoever listens: at most once, in no promised order, and never back-pressure on the sender. In memory within one process, over NATS on a grid. What
/// must not be lost is in the database; the bus only makes it known sooner.
/// </summary>
public interface IEventBus
{
    /// <summary>The most bytes of an event.</summary>
    const int MaxEventBytes = 65_536;

    /// <summary>Tells whoever listens, this process too.</summary>
    /// <param name="topic">Words of letters, digits, <c>-</c> and <c>_</c>, joined by dots.</param>
    /// <param name="payload">The event, at most <see cref="MaxEventBytes"/>; copied before this returns.</param>
    /// <returns>Whether it was taken; false when the bus is cut off or full. The sender goes on either way.</returns>
    /// <exception cref="ArgumentException">The topic or the size breaks a rule.</exception>
    bool Publish(string topic, ReadOnlySpan<byte> payload);

    /// <summary>Listens to a topic until disposed.</summary>
    /// <param name="topic">The topic, exactly.</param>
    /// <param name="handler">Called for each event, one at a time for this subscription; what it is given is only valid during the call. It must be quick and must not throw.</param>
    IDisposable Subscribe(string topic, Action<ReadOnlyMemory<byte>> handler);
}

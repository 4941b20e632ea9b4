using Hive.Nats;

namespace Hive.Engine.Nats;

/// <summary>A silo of this process as the grid sees it: what it says of itself, and what it takes.</summary>
internal sealed class LocalSilo(SiloDescription description, bool isHub, string subject, ReceivedCalls calls, long askedAt)
{
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SiloDescription Description => description;

    public bool IsHub => isHub;

    public string Subject => subject;

    public ReceivedCalls Calls => calls;

    /// <summary>When the silo asked to be taken in, by the monotonic clock.</summary>
    public long AskedAt => askedAt;

    /// <summary>Where the silo takes calls and, on the hub, announcements.</summary>
    public List<NatsSubscription> Subscriptions { get; } = [];

    /// <summary>Completes when a hub has taken the silo in; fails when it has refused.</summary>
    public Task Joined => _joined.Task;

    public void Welcome() => _joined.TrySetResult();

    public void Refuse(Exception reason) => _joined.TrySetException(reason);

    /// <summary>What the silo says of itself.</summary>
    public byte[] Announcement(NatsTransportOptions options, Guid incarnation, int session, bool isLeaving = false, string? refusal = null, bool mayPass = false) => new Announcement
    {
        Version = options.Version,
        Incarnation = incarnation,
        Session = session,
        Name = description.Name,
        Address = description.Address.ToParsableString(),
        Subject = subject,
        IsHub = isHub,
        Rank = options.Rank,
        StartedAt = description.StartedAt,
        Metadata = description.Metadata.Metadata.ToDictionary(pair => pair.Key, pair => pair.Value),
        GrainTypes = [.. description.GrainTypes.Select(type => type.ToString()!).Order(StringComparer.Ordinal)],
        IsLeaving = isLeaving,
        Refusal = refusal,
        MayPass = mayPass,
    }.ToBytes();
}

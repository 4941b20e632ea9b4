using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Hive.Engine;

/// <summary>
/// Joins the silos and clients of this process with those of others. The engine asks it for the silos out there, hands it calls for them, and is
/// handed calls for its own silos. Register one as a service of a host to have it used.
/// </summary>
public interface ISiloTransport
{
    /// <summary>Raised when <see cref="Silos"/> has changed.</summary>
    event Action? SilosChanged;

    /// <summary>The live silos of other processes.</summary>
    IReadOnlyList<SiloDescription> Silos { get; }

    /// <summary>
    /// Sends a call to a silo out there, and ends it by <see cref="WireSerializer.ReadResult"/> or <see cref="RemoteCalls"/> when its outcome is known. The engine itself ends calls whose time is
    /// over and those to silos that are no longer in <see cref="Silos"/>; <see cref="GrainCall.Abandoned"/> tells of that.
    /// </summary>
    void Send(GrainCall call, SiloDescription silo);

    /// <summary>Announces a silo of this process; calls for it are to be given to <paramref name="receiver"/>.</summary>
    Task AnnounceAsync(SiloDescription silo, ICallReceiver receiver, CancellationToken cancellationToken);

    /// <summary>Announces that a silo of this process has ended.</summary>
    Task WithdrawAsync(SiloDescription silo, CancellationToken cancellationToken);

    /// <summary>Raised with what another process told all by <see cref="Publish"/>; the bytes are valid during the call.</summary>
    event Action<ReadOnlyMemory<byte>>? Published
    {
        add { }
        remove { }
    }

    /// <summary>Tells all other processes something, such as what was sent to a stream: at most once, in the order of the calls, and nobody while the transport is cut off.</summary>
    /// <exception cref="OrleansException">It is larger than the transport carries.</exception>
    void Publish(ReadOnlyMemory<byte> message)
    {
    }

    /// <summary>
    /// Sends a call to an observer that the client of that name made, in whichever process the client is; it ends as one by <see cref="Send"/> does, and
    /// with <see cref="ClientNotAvailableException"/> if no such client is out there. A transport that cannot do so refuses.
    /// </summary>
    void SendToClient(GrainCall call, string client) => call.Fail(new NotSupportedException($"{call} cannot be sent: this transport does not reach clients."));

    /// <summary>Announces a client of this process; calls for its observers are to be given to <paramref name="receiver"/>.</summary>
    Task AnnounceClientAsync(string client, ICallReceiver receiver, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Announces that a client of this process has ended.</summary>
    Task WithdrawClientAsync(string client, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>A silo as the others know it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Its address, which no other life of it shares.</param>
/// <param name="Metadata">What it says of itself.</param>
/// <param name="StartedAt">When it began; older silos are preferred.</param>
/// <param name="GrainTypes">The kinds of grains that it can host.</param>
public sealed record SiloDescription(
    string Name, SiloAddress Address, SiloMetadata Metadata, DateTimeOffset StartedAt, IReadOnlySet<GrainType> GrainTypes);

/// <summary>Takes calls that came from another process.</summary>
public interface ICallReceiver
{
    /// <summary>
    /// Runs a call that <see cref="WireSerializer.ReadCall"/> read on its grain here. The task ends with the call; then <see cref="WireSerializer.WriteResult"/>
    /// writes what it returned. A one-way call's task ends at once.
    /// </summary>
    /// <exception cref="Exception">What the method threw, or why it could not run.</exception>
    Task ReceiveAsync(GrainId grainId, GrainCall call);

}

/// <summary>Completes calls that went to another process.</summary>
public static class RemoteCalls
{
    /// <summary>A one-way call is on its way, and nothing more will be heard of it.</summary>
    public static void Complete(this GrainCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.Release();
    }

    /// <summary>The caller, in another process, no longer waits for a call that runs here: the token that the method has is cancelled.</summary>
    public static void Cancel(this GrainCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.TrySetCanceled(new CancellationToken(canceled: true));
        call.CancelCallee();
    }

    /// <summary>The call failed.</summary>
    public static void Fail(this GrainCall call, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.TrySetException(exception);
        call.Release();
    }
}

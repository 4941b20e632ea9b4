using System.Threading.Channels;

namespace Hive.Nats.Tests;

/// <summary>The changes of a connection's state, to wait for.</summary>
internal sealed class StateLog
{
    private readonly Channel<NatsStateChange> _changes = Channel.CreateUnbounded<NatsStateChange>();

    public StateLog(NatsConnection nats) => nats.StateChanged += change => _changes.Writer.TryWrite(change);

    /// <summary>The next change, which must be to this state.</summary>
    public async Task<NatsStateChange> NextAsync(NatsState state)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var change = await _changes.Reader.ReadAsync(patience.Token);
        Assert.Equal(state, change.State);
        return change;
    }
}

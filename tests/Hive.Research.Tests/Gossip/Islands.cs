using Hive.Gossip;

namespace Hive.Research.Tests.Gossip;

/// <summary>
/// Silos with a bus between those of one island, and none between islands. What is sent arrives when <see cref="Deliver"/> is called, in an order drawn at random, and some of it
/// is lost if so wished: all that <see cref="IEventBus"/> allows.
/// </summary>
internal sealed class Islands(Hive.Randomness.SeededRandom random)
{
    private readonly List<Silo> _silos = [];
    private readonly List<(Silo To, string Topic, byte[] Payload)> _underWay = [];

    /// <summary>The share of deliveries that are lost.</summary>
    public double Loss { get; set; }

    /// <summary>How many bytes were delivered so far.</summary>
    public long Delivered { get; private set; }

    public IEventBus Join(int island)
    {
        var silo = new Silo(this) { Island = island };
        _silos.Add(silo);
        return silo;
    }

    public void Meet() => _silos.ForEach(silo => silo.Island = 0);

    public void Deliver()
    {
        while (_underWay.Count > 0)
        {
            var at = random.NextInt(_underWay.Count);
            var (to, topic, payload) = _underWay[at];
            _underWay.RemoveAt(at);
            if (random.NextChance(Loss)) continue;
            Delivered += payload.Length;
            to.Hear(topic, payload);
        }
    }

    private sealed class Silo(Islands all) : IEventBus
    {
        private readonly List<(string Topic, Action<ReadOnlyMemory<byte>> Handler)> _handlers = [];

        public int Island { get; set; }

        public bool Publish(string topic, ReadOnlySpan<byte> payload)
        {
            EventTopic.Check(topic, payload.Length);
            foreach (var silo in all._silos.Where(silo => silo.Island == Island)) all._underWay.Add((silo, topic, payload.ToArray()));
            return true;
        }

        public IDisposable Subscribe(string topic, Action<ReadOnlyMemory<byte>> handler)
        {
            _handlers.Add((topic, handler));
            return new Left(() => _handlers.Remove((topic, handler)));
        }

        public void Hear(string topic, byte[] payload) => _handlers.FindAll(entry => entry.Topic == topic).ForEach(entry => entry.Handler(payload));
    }

    private sealed class Left(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}

namespace Hive.Basins;

/// <summary>
/// Packets and their ancestors, a Merkle DAG: a packet names its parents by their addresses and is named by its own, so nobody can change an ancestor without changing every
/// address behind it. At most <see cref="MaxPackets"/> are kept; of too many the oldest go, and ancestry ends there.
/// </summary>
public sealed class BasinHistory
{
    /// <summary>The most packets kept.</summary>
    public const int MaxPackets = 512;

    private readonly Dictionary<string, BasinPacket> _packets = [];
    private readonly Queue<string> _order = new();

    /// <summary>The packets, in the order in which they came.</summary>
    public IEnumerable<BasinPacket> Packets => _order.Select(address => _packets[address]);

    /// <summary>A history as it was kept.</summary>
    /// <param name="stored">Addresses and bytes, in the order in which they came.</param>
    /// <exception cref="BasinRefusedException">Bytes do not have their address, or break a rule.</exception>
    public static BasinHistory Load(IEnumerable<KeyValuePair<string, byte[]>> stored)
    {
        var history = new BasinHistory();
        foreach (var (address, bytes) in stored)
        {
            var packet = BasinPacket.Read(bytes);
            if (packet.Address != address) throw new BasinRefusedException(RefusalReason.OtherAddress, $"what is kept as {address} is {packet.Address}: it was changed");
            history.Add(packet);
        }

        return history;
    }

    /// <summary>The packet of an address; null where it is not kept.</summary>
    /// <param name="address">The address.</param>
    public BasinPacket? Find(string address) => _packets.GetValueOrDefault(address);

    /// <summary>Keeps a packet. Parents that are not kept are where its ancestry ends.</summary>
    /// <param name="packet">The packet; one that is there already stays.</param>
    /// <param name="keep">Packets that never go, fewer than <see cref="MaxPackets"/>; none by default.</param>
    /// <exception cref="BasinRefusedException">A parent is of another domain or space, or has seen more experiments than its child.</exception>
    public void Add(BasinPacket packet, IReadOnlyCollection<string>? keep = null)
    {
        foreach (var parent in packet.Record.Parents.Select(Find).OfType<BasinPacket>())
        {
            if (parent.Record.Domain != packet.Record.Domain || parent.Record.Fingerprint != packet.Record.Fingerprint)
            {
                throw new BasinRefusedException(RefusalReason.OtherDomain, $"the parent {parent.Address[..12]} is of another domain or of other data");
            }

            if (parent.Space != packet.Space) throw new BasinRefusedException(RefusalReason.OtherSpace, $"the parent {parent.Address[..12]} is of another space");
            if (parent.Record.Experiments > packet.Record.Experiments)
            {
                throw new BasinRefusedException(RefusalReason.Malformed, $"the parent {parent.Address[..12]} has seen {parent.Record.Experiments} experiments, its child {packet.Record.Experiments}; experiments are never unseen");
            }
        }

        if (!_packets.TryAdd(packet.Address, packet)) return;
        _order.Enqueue(packet.Address);
        if (_order.Count > MaxPackets) DropOldest(keep ?? []);
    }

    /// <summary>A packet and its ancestors, children before parents.</summary>
    /// <param name="address">The packet.</param>
    /// <param name="most">The most packets to tell.</param>
    public IReadOnlyList<BasinPacket> Log(string address, int most)
    {
        var ancestors = Ancestors(address);
        return [.. ancestors.OrderByDescending(packet => packet.Value).ThenBy(packet => packet.Key, StringComparer.Ordinal).Take(most).Select(packet => _packets[packet.Key])];
    }

    /// <summary>Reads a packet and all its ancestors again from their bytes.</summary>
    /// <param name="address">The packet.</param>
    /// <returns>How many packets were verified, and the addresses at which the ancestry ends because they are not kept.</returns>
    /// <exception cref="BasinRefusedException">A packet is not what its address says.</exception>
    public (int Verified, IReadOnlyList<string> Beyond) Verify(string address)
    {
        var ancestors = Ancestors(address);
        foreach (var ancestor in ancestors.Keys)
        {
            var read = BasinPacket.Read(_packets[ancestor].Bytes);
            if (read.Address != ancestor) throw new BasinRefusedException(RefusalReason.OtherAddress, $"what is kept as {ancestor} is {read.Address}: it was changed");
        }

        var beyond = ancestors.Keys.SelectMany(ancestor => _packets[ancestor].Record.Parents).Where(parent => !_packets.ContainsKey(parent));
        return (ancestors.Count, [.. beyond.Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>The nearest packet from which both come: of all, the one with the longest ancestry; null where there is none among those kept.</summary>
    /// <param name="one">The one packet.</param>
    /// <param name="other">The other packet.</param>
    public BasinPacket? CommonAncestor(string one, string other)
    {
        var (ours, theirs) = (Ancestors(one), Ancestors(other));
        var shared = ours.Where(ancestor => theirs.ContainsKey(ancestor.Key)).OrderByDescending(ancestor => ancestor.Value).ThenBy(ancestor => ancestor.Key, StringComparer.Ordinal);
        return shared.Select(ancestor => _packets[ancestor.Key]).FirstOrDefault();
    }

    private void DropOldest(IReadOnlyCollection<string> keep)
    {
        while (keep.Contains(_order.Peek())) _order.Enqueue(_order.Dequeue());
        _packets.Remove(_order.Dequeue());
    }

    /// <summary>A packet and its ancestors with their generations: 0 without parents, otherwise one more than the oldest parent's. Hashes admit no cycle.</summary>
    private Dictionary<string, int> Ancestors(string address)
    {
        var generations = new Dictionary<string, int>();
        var stack = new Stack<string>();
        if (_packets.ContainsKey(address)) stack.Push(address);
        while (stack.TryPeek(out var next))
        {
            var parents = _packets[next].Record.Parents.Where(_packets.ContainsKey).ToArray();
            var open = parents.Where(parent => !generations.ContainsKey(parent)).ToArray();
            foreach (var parent in open) stack.Push(parent);
            if (open.Length > 0) continue;
            generations[next] = parents.Length == 0 ? 0 : 1 + parents.Max(parent => generations[parent]);
            stack.Pop();
        }

        return generations;
    }
}

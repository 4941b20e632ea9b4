using System.Collections.Immutable;

namespace Hive.Basins;

/// <summary>
/// The authority over one domain's basins: the canonical one, its forks, their history, and the deltas that wait to be merged. Only what passes every check changes anything;
/// what is refused leaves all as it was. Not for several threads at once.
/// </summary>
public sealed class BasinKeeper
{
    /// <summary>How many deltas may wait, one an author.</summary>
    public const int MaxPending = 4_096;

    /// <summary>How many of the newest canonical packets a delta may be based on.</summary>
    public const int RecentBases = 16;

    private readonly BasinHistory _history;
    private readonly SortedDictionary<string, BasinBranch> _branches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WeighedDelta> _pending = [];
    private OutlierWindow _window = OutlierWindow.Empty;

    private BasinKeeper(BasinSpace space, string domain, string fingerprint, BasinHistory history) => (Space, Domain, Fingerprint, _history) = (space, domain, fingerprint, history);

    /// <summary>What the basins are about.</summary>
    public BasinSpace Space { get; }

    /// <summary>The domain.</summary>
    public string Domain { get; }

    /// <summary>The domain's fingerprint.</summary>
    public string Fingerprint { get; }

    /// <summary>The branches, by name.</summary>
    public IEnumerable<BasinBranch> Branches => _branches.Values;

    /// <summary>How many deltas wait.</summary>
    public int Pending => _pending.Count;

    /// <summary>Founds a domain's basins: the canonical one knows nothing yet.</summary>
    /// <param name="space">What they are about.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="fingerprint">The domain's fingerprint.</param>
    /// <param name="author">The id of the hub's key, or empty.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ArgumentException">An argument is out of range.</exception>
    public static BasinKeeper Found(BasinSpace space, string domain, string fingerprint, string author, DateTimeOffset now)
    {
        var keeper = new BasinKeeper(space, domain, fingerprint, new BasinHistory());
        var root = BasinPacket.Write(BasinPoint.Even(space), new BasinRecord(domain, fingerprint, [], 0, 0, 0, author, now.ToUnixTimeMilliseconds()));
        keeper.Advance(new BasinBranch(BasinBranch.Canonical, root.Address, 0, 0), root);
        return keeper;
    }

    /// <summary>A keeper as it was stored; every packet is verified against its address.</summary>
    /// <param name="archive">What <see cref="Store"/> returned.</param>
    /// <exception cref="BasinRefusedException">Something was changed while it was stored.</exception>
    public static BasinKeeper Restore(BasinArchive archive)
    {
        var keeper = new BasinKeeper(BasinSpaceText.Read(archive.Space), archive.Domain, archive.Fingerprint, BasinHistory.Load(archive.Packets));
        foreach (var branch in archive.Branches)
        {
            if (keeper._history.Find(branch.Tip) is null) throw new BasinRefusedException(RefusalReason.OtherAddress, $"the newest packet of '{branch.Name}', {branch.Tip}, is not in store");
            keeper._branches[branch.Name] = branch;
        }

        foreach (var stored in archive.Pending)
        {
            var delta = BasinDelta.Read(stored.Bytes, keeper.Space);
            keeper._pending[delta.Author] = new WeighedDelta(delta, stored.Capacity, stored.Trust);
        }

        keeper._window = new OutlierWindow(archive.Window);
        return keeper;
    }

    /// <summary>All that this keeper knows.</summary>
    public BasinArchive Store() => new(
        Domain,
        Fingerprint,
        BasinSpaceText.Write(Space),
        [.. _history.Packets.Select(packet => KeyValuePair.Create(packet.Address, packet.Bytes.ToArray()))],
        [.. _branches.Values],
        _window.Norms,
        [.. _pending.Values.Select(weighed => new StoredDelta(weighed.Delta.Bytes.ToArray(), weighed.Capacity, weighed.Trust))]);

    /// <summary>The newest packet of a branch.</summary>
    /// <param name="branch">The branch.</param>
    /// <exception cref="KeyNotFoundException">There is no such branch.</exception>
    public BasinPacket Tip(string branch = BasinBranch.Canonical) => _history.Find(Branch(branch).Tip)!;

    /// <summary>The packets behind the newest one of a branch, children before parents.</summary>
    /// <param name="branch">The branch.</param>
    /// <param name="most">The most packets to tell.</param>
    /// <exception cref="KeyNotFoundException">There is no such branch.</exception>
    public IReadOnlyList<BasinPacket> Log(string branch, int most) => _history.Log(Branch(branch).Tip, most);

    /// <summary>Reads a branch's packets again from their bytes, back to where its ancestry ends.</summary>
    /// <param name="branch">The branch.</param>
    /// <returns>How many packets were verified, and the addresses that are not kept.</returns>
    /// <exception cref="BasinRefusedException">A packet is not what its address says.</exception>
    public (int Verified, IReadOnlyList<string> Beyond) Verify(string branch) => _history.Verify(Branch(branch).Tip);

    /// <summary>Takes a delta in, to wait for the next merge. Of one author the newest waits alone.</summary>
    /// <param name="bytes">The delta.</param>
    /// <param name="capacity">What its author can do, relative to others.</param>
    /// <param name="trust">How far its author is trusted, from 0 to 1.</param>
    /// <exception cref="BasinRefusedException">It is no delta, its base is not recent, or too many wait.</exception>
    public BasinDelta Submit(ReadOnlySpan<byte> bytes, double capacity, double trust)
    {
        var delta = BasinDelta.Read(bytes, Space);
        if (!Bases().ContainsKey(delta.Base)) throw new BasinRefusedException(RefusalReason.UnknownBase, $"its base {delta.Base[..12]} is not among the last {RecentBases} packets; learn from the current one");
        if (_pending.Count >= MaxPending && !_pending.ContainsKey(delta.Author)) throw new BasinRefusedException(RefusalReason.Full, $"{MaxPending:N0} deltas wait already; send it again after the next merge");
        _pending[delta.Author] = new WeighedDelta(delta, capacity, trust);
        return delta;
    }

    /// <summary>Merges the deltas that wait into the canonical basin.</summary>
    /// <param name="evidence">What review says of claims.</param>
    /// <param name="experiments">How many experiments the domain has seen since the last merge.</param>
    /// <param name="options">How.</param>
    /// <param name="author">The id of the hub's key, or empty.</param>
    /// <param name="now">The time.</param>
    public MergeReport Merge(IEnumerable<DeltaEvidence> evidence, long experiments, MergeOptions options, string author, DateTimeOffset now)
    {
        var tip = Tip();
        var bases = Bases();
        var report = BasinMerger.Merge(bases[tip.Address], bases, _pending.Values, evidence.ToDictionary(review => review.Claim), _window, options);
        (_window, var seen) = (report.Window, tip.Record.Experiments + Math.Max(experiments, 0));
        _pending.Clear();
        if (report.Moved > 0) Follow(BasinBranch.Canonical, report.Point, [tip], seen, author, now);
        return report;
    }

    /// <summary>Begins a branch where another one is, to specialise.</summary>
    /// <param name="from">The branch to fork.</param>
    /// <param name="name">The new branch: 1 to 40 letters, digits, <c>-</c> and <c>_</c>.</param>
    /// <exception cref="ArgumentException">The name is none, or taken, or there are too many.</exception>
    /// <exception cref="KeyNotFoundException">There is no branch to fork.</exception>
    public BasinBranch Fork(string from, string name)
    {
        var source = Branch(from);
        CheckNew(name);
        return _branches[name] = new BasinBranch(name, source.Tip, source.Fitness, 0);
    }

    /// <summary>Moves a branch to a point of its own.</summary>
    /// <param name="branch">The branch.</param>
    /// <param name="point">Where it goes.</param>
    /// <param name="experiments">How many experiments taught it that.</param>
    /// <param name="author">The id of the author's key, or empty.</param>
    /// <param name="now">The time.</param>
    public BasinPacket Move(string branch, BasinPoint point, long experiments, string author, DateTimeOffset now)
    {
        var tip = Tip(branch);
        return Follow(branch, point, [tip], tip.Record.Experiments + Math.Max(experiments, 0), author, now);
    }

    /// <summary>Merges a branch into another: a three-way merge by their common ancestor (<see cref="ThreeWayMerge"/>), weighed by the experiments since.</summary>
    /// <param name="from">The branch to bring back; it stays.</param>
    /// <param name="into">The branch that moves.</param>
    /// <param name="author">The id of the author's key, or empty.</param>
    /// <param name="now">The time.</param>
    /// <returns>The new packet, or the newest one where there is nothing to merge.</returns>
    /// <exception cref="KeyNotFoundException">There is no such branch.</exception>
    public BasinPacket MergeBack(string from, string into, string author, DateTimeOffset now)
    {
        var (theirs, ours) = (Tip(from), Tip(into));
        var ancestor = _history.CommonAncestor(theirs.Address, ours.Address);
        if (ancestor?.Address == theirs.Address) return ours;
        var before = ancestor?.Record.Experiments ?? 0;
        var (ourNew, theirNew) = (ours.Record.Experiments - before, theirs.Record.Experiments - before);
        var point = ThreeWayMerge.Of(ancestor?.PointIn(Space), ours.PointIn(Space), ourNew, theirs.PointIn(Space), theirNew);
        return Follow(into, point, [ours, theirs], before + ourNew + theirNew, author, now);
    }

    /// <summary>Takes a packet from elsewhere in, as a branch of its own, or as the next of a branch whose newest packet is its parent.</summary>
    /// <param name="bytes">The packet.</param>
    /// <param name="branch">The branch.</param>
    /// <exception cref="BasinRefusedException">It is no packet, or of another domain, other data or another space.</exception>
    /// <exception cref="ArgumentException">The branch is there and the packet does not follow it.</exception>
    public BasinPacket Import(ReadOnlyMemory<byte> bytes, string branch)
    {
        var packet = BasinPacket.Read(bytes);
        if (packet.Record.Domain != Domain) throw new BasinRefusedException(RefusalReason.OtherDomain, $"this basin is of the domain '{packet.Record.Domain}', not of '{Domain}'");
        if (packet.Record.Fingerprint != Fingerprint) throw new BasinRefusedException(RefusalReason.OtherDomain, $"this basin was learnt on other data of '{Domain}' (fingerprint {packet.Record.Fingerprint[..12]}…, here {Fingerprint[..12]}…)");
        _ = packet.PointIn(Space);
        var known = _branches.GetValueOrDefault(branch);
        if (known is null) CheckNew(branch);
        else if (!packet.Record.Parents.Contains(known.Tip)) throw new ArgumentException($"the branch '{branch}' is there, and this packet does not follow its newest; import it under another name, then merge");
        return Advance(known ?? new BasinBranch(branch, packet.Address, packet.Record.Fitness, packet.Record.Uses), packet);
    }

    /// <summary>Counts a use of a branch.</summary>
    /// <param name="branch">The branch.</param>
    /// <param name="gain">What its user gained over the baseline; higher is better.</param>
    public void Use(string branch, double gain) => _branches[branch] = Branch(branch).Used(gain);

    /// <summary>
    /// Evolution: the fittest branch becomes canonical (fitness by use, with doubt for what was seldom used), and every other one moves a share of the way towards it along
    /// the geodesic.
    /// </summary>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="author">The id of the hub's key, or empty.</param>
    /// <param name="now">The time.</param>
    /// <returns>The name of the fittest.</returns>
    public string Evolve(double share, string author, DateTimeOffset now)
    {
        if (!(share is >= 0 and <= 1)) throw new ArgumentException($"a share is from 0 to 1, not {share}", nameof(share));
        var fittest = _branches.Values.OrderByDescending(branch => branch.Score).ThenBy(branch => branch.Name != BasinBranch.Canonical).First();
        var best = Tip(fittest.Name);
        var point = best.PointIn(Space);
        foreach (var branch in _branches.Values.Where(branch => branch.Tip != best.Address).ToArray())
        {
            var tip = Tip(branch.Name);
            var isCanonical = branch.Name == BasinBranch.Canonical;
            var end = isCanonical ? point : tip.PointIn(Space).Towards(point, share);
            var moved = isCanonical ? branch with { Fitness = fittest.Fitness, Uses = fittest.Uses } : branch;
            Advance(moved, Packet(moved, end, [tip, best], Math.Max(tip.Record.Experiments, best.Record.Experiments), author, now));
        }

        return fittest.Name;
    }

    private BasinBranch Branch(string name) => _branches.GetValueOrDefault(name)
        ?? throw new KeyNotFoundException($"'{Domain}' has no basin '{name}'; there are {string.Join(", ", _branches.Keys)}");

    private void CheckNew(string name)
    {
        if (!BasinBranch.IsName(name)) throw new ArgumentException($"'{name}' is no name of a basin: 1 to 40 letters, digits, '-' and '_'");
        if (_branches.ContainsKey(name)) throw new ArgumentException($"'{Domain}' has a basin '{name}' already");
        if (_branches.Count >= BasinBranch.Most) throw new ArgumentException($"'{Domain}' has {BasinBranch.Most} basins, which is as many as it keeps");
    }

    private Dictionary<string, BasinPoint> Bases() => _history.Log(Branch(BasinBranch.Canonical).Tip, RecentBases).ToDictionary(packet => packet.Address, packet => packet.PointIn(Space));

    private BasinPacket Packet(BasinBranch branch, BasinPoint point, ImmutableArray<BasinPacket> parents, long experiments, string author, DateTimeOffset now) => BasinPacket.Write(
        point,
        new BasinRecord(
            Domain,
            Fingerprint,
            [.. parents.Select(parent => parent.Address)],
            Math.Min(experiments, BasinRecord.MaxCount),
            branch.Fitness,
            branch.Uses,
            author,
            now.ToUnixTimeMilliseconds()));

    private BasinPacket Follow(string branch, BasinPoint point, ImmutableArray<BasinPacket> parents, long experiments, string author, DateTimeOffset now) =>
        Advance(Branch(branch), Packet(Branch(branch), point, parents, experiments, author, now));

    private BasinPacket Advance(BasinBranch branch, BasinPacket packet)
    {
        _history.Add(packet, [.. _branches.Values.Select(known => known.Tip), packet.Address]);
        _branches[branch.Name] = branch with { Tip = packet.Address };
        return packet;
    }
}

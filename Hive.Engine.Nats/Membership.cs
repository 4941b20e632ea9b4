namespace Hive.Engine.Nats;

/// <summary>What came of an announcement.</summary>
internal enum Admission
{
    /// <summary>Nothing is new.</summary>
    Known,

    /// <summary>The silo is new here.</summary>
    Joined,

    /// <summary>The silo has connected again: what was under way to it is lost.</summary>
    Reconnected,

    /// <summary>The silo has taken its leave.</summary>
    Left,

    /// <summary>It is not taken in.</summary>
    Refused,

    /// <summary>It is not taken in as long as another of its name is here, which may be its own life before.</summary>
    NameTaken,
}

/// <summary>
/// The silos out there, by what they say of themselves. A silo is here for as long as it says so, by this process's own monotonic clock; nobody's wall clock matters. A name belongs to
/// the one that had it first, until that one is gone. Of two hubs the one of the higher rank is the hub. It knows nothing of messages.
/// </summary>
internal sealed class Membership(int version, TimeSpan timeToLive, int maxSilos, TimeProvider time)
{
    private readonly Dictionary<Guid, Member> _members = [];

    // The same bytes again are by far the most of what is heard, and need no reading.
    private readonly Dictionary<int, Member> _byHash = [];

    public IEnumerable<Member> Members => _members.Values;

    /// <summary>Takes notice of an announcement.</summary>
    /// <param name="bytes">As it came.</param>
    /// <param name="member">The silo, where it is known now or was until now.</param>
    /// <param name="refusal">Why it is not taken in.</param>
    public Admission Hear(ReadOnlySpan<byte> bytes, out Member? member, out string? refusal)
    {
        refusal = null;
        member = null;
        if (_byHash.TryGetValue(HashOf(bytes), out var known) && known.Bytes.AsSpan().SequenceEqual(bytes))
        {
            known.Touch(time.GetTimestamp());
            member = known;
            return Admission.Known;
        }

        if (Announcement.Read(bytes) is not { } said || said.Describe() is not { } description)
        {
            refusal = "this is no announcement of a silo";
            return Admission.Refused;
        }

        return Hear(bytes, said, description, out member, out refusal);
    }

    /// <summary>Lets go of silos that have been silent for too long.</summary>
    public List<Member> Expire()
    {
        var now = time.GetTimestamp();
        var gone = _members.Values.Where(member => time.GetElapsedTime(member.HeardAt, now) > timeToLive).ToList();
        foreach (var member in gone) Remove(member);
        return gone;
    }

    /// <summary>Lets go of one that is known to be gone.</summary>
    public void Remove(Member member)
    {
        // It may have said something else since.
        if (_members.Remove(member.Said.Incarnation, out var known)) _byHash.Remove(HashOf(known.Bytes));
    }

    /// <summary>Those that have been silent for a while, though not yet for too long.</summary>
    public List<Member> Silent(TimeSpan since)
    {
        var now = time.GetTimestamp();
        return [.. _members.Values.Where(member => time.GetElapsedTime(member.HeardAt, now) > since)];
    }

    private Admission Hear(ReadOnlySpan<byte> bytes, Announcement said, SiloDescription description, out Member? member, out string? refusal)
    {
        _members.TryGetValue(said.Incarnation, out member);
        refusal = member is null && !said.IsLeaving ? Objection(said) : null;
        if (refusal is not null)
        {
            return Admission.Refused;
        }

        if (member is null && !said.IsLeaving && !said.IsHub && _members.Values.Any(other => other.Said.Name == said.Name && !other.Said.IsHub))
        {
            refusal = $"another silo of the name {said.Name} is here; give this one a name of its own (--name)";
            return Admission.NameTaken;
        }

        if (said.IsLeaving)
        {
            if (member is null)
            {
                return Admission.Known;
            }

            Remove(member);
            return Admission.Left;
        }

        var isNew = member is null;
        var hasReconnected = member is not null && said.Session != member.Said.Session;
        if (member is not null) Remove(member);
        member = new Member(said, description, bytes.ToArray(), time.GetTimestamp());
        _members[said.Incarnation] = member;
        _byHash[HashOf(bytes)] = member;
        return isNew ? Admission.Joined : hasReconnected ? Admission.Reconnected : Admission.Known;
    }

    private static int HashOf(ReadOnlySpan<byte> bytes)
    {
        var hash = new HashCode();
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }

    private string? Objection(Announcement said)
    {
        if (said.Version != version)
        {
            return $"silo {said.Name} speaks version {said.Version} of the grid's protocol and this one version {version}; run the same version of Hive on both";
        }

        return _members.Count >= maxSilos ? $"{maxSilos:N0} silos are here, which is as many as are taken in" : null;
    }
}

/// <summary>A silo out there.</summary>
internal sealed class Member(Announcement said, SiloDescription description, byte[] bytes, long heardAt)
{
    public Announcement Said => said;

    public SiloDescription Description => description;

    /// <summary>What it said, as it came: the same again needs no reading.</summary>
    public byte[] Bytes => bytes;

    public long HeardAt { get; private set; } = heardAt;

    public void Touch(long now) => HeardAt = now;
}

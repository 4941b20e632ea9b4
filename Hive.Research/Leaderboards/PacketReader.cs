using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Hive.Research;

namespace Hive.Leaderboards;

/// <summary>Reads what <see cref="PacketWriter"/> wrote, or anything else that somebody sends: whatever it is, the result is right or a <see cref="FormatException"/>.</summary>
internal ref struct PacketReader(ReadOnlySpan<byte> packet)
{
    private readonly ReadOnlySpan<byte> _packet = packet;
    private int _at;
    private string _agent = "";

    public readonly bool IsAtEnd => _at == _packet.Length;

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > _packet.Length - _at)
        {
            throw Malformed($"it ends where {count} more bytes are wanted");
        }

        var bytes = _packet.Slice(_at, count);
        _at += count;
        return bytes;
    }

    public ReadOnlySpan<byte> Rest() => Bytes(_packet.Length - _at);

    public byte Byte() => Bytes(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(sizeof(ushort)));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(sizeof(int)));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(sizeof(ulong)));

    /// <summary>How many of something follow, of which there are at most so many.</summary>
    public int Count(int most)
    {
        var count = Int32();
        return count >= 0 && count <= most ? count : throw Malformed($"{count} entries are announced, at most {most} are taken");
    }

    public LeaderboardKey Key()
    {
        var direction = (Direction)Byte();
        var domain = Encoding.ASCII.GetString(Bytes(Byte()));
        var fingerprint = Convert.ToHexStringLower(Bytes(LeaderboardKey.FingerprintLength / 2));
        try
        {
            return new LeaderboardKey(domain, fingerprint, direction);
        }
        catch (ArgumentException e)
        {
            throw Malformed(e.Message);
        }
    }

    public string Agent()
    {
        var name = Bytes(Byte());

        // What belongs to one agent stands together, so its name is made once.
        if (!IsLastAgent(name))
        {
            Refuse(ClaimRules.MistakeOfName("agent", name, Leaderboards.Claim.MaxAgent));
            _agent = Encoding.ASCII.GetString(name);
        }

        return _agent;
    }

    public Claim Claim()
    {
        var agent = Agent();
        var experiment = Bytes(Byte());
        Refuse(ClaimRules.MistakeOfName("experiment", experiment, Leaderboards.Claim.MaxExperiment));
        var value = BitConverter.UInt64BitsToDouble(UInt64());
        Refuse(ClaimRules.MistakeOfValue(value));
        var (seed, at) = (UInt64(), new HybridTimestamp(UInt64()));
        var configuration = Bytes(UInt16());
        Refuse(ClaimRules.MistakeOfConfiguration(configuration));
        return Leaderboards.Claim.Checked(agent, Encoding.ASCII.GetString(experiment), value, Encoding.UTF8.GetString(configuration), seed, at);
    }

    public ExperimentCount ExperimentCount()
    {
        var (agent, epoch, experiments) = (Agent(), (long)UInt64(), (long)UInt64());
        Refuse(ClaimRules.MistakeOfCount(epoch, experiments));
        return new Leaderboards.ExperimentCount(agent, epoch, experiments);
    }

    public ClaimStatus Status()
    {
        var status = (ClaimStatus)Byte();
        return status <= ClaimStatus.Refuted ? status : throw Malformed($"{(byte)status} is no status of a claim");
    }

    public readonly void End()
    {
        if (!IsAtEnd)
        {
            throw Malformed("more follows after its end");
        }
    }

    public readonly FormatException Malformed(string why) => new(string.Create(CultureInfo.InvariantCulture, $"byte {_at} of {_packet.Length}: {why}"));

    private readonly bool IsLastAgent(ReadOnlySpan<byte> name) => name.Length > 0 && name.Length == _agent.Length && Ascii.Equals(name, _agent);

    private readonly void Refuse(string? mistake)
    {
        if (mistake is not null)
        {
            throw Malformed(mistake);
        }
    }
}

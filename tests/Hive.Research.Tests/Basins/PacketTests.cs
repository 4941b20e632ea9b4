using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Hive.Basins;
using Hive.Randomness;
using Hive.Testing;

namespace Hive.Research.Tests.Basins;

public sealed class PacketTests
{
    private static readonly string Fingerprint = new('f', 64);

    private static readonly BasinRecord Longest = new(
        new string('d', 64), Fingerprint, [.. Enumerable.Range(0, BasinRecord.MaxParents).Select(i => new string((char)('a' + i), 64))], BasinRecord.MaxCount, -2.2250738585072014e-308, BasinRecord.MaxCount, new string('e', 32), BasinRecord.MaxCount);

    [Fact]
    public void Every_space_that_is_taken_fits_and_reads_back_the_same() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var space = RandomBasins.Space(random, 64);
        var point = RandomBasins.Point(space, random);
        var packet = BasinPacket.Write(point, Longest);
        Assert.InRange(packet.Bytes.Length, 1, BasinPacket.MaxBytes);
        var read = BasinPacket.Read(packet.Bytes);
        Assert.Equal(packet.Address, read.Address);
        Assert.Equal(0, read.PointIn(space).Distance(packet.PointIn(space)));
        Assert.Equal(packet.Address, BasinPacket.Write(read.PointIn(space), read.Record).Address);
        Assert.True(point.Distance(packet.PointIn(space)) < 0.01 * Math.Sqrt(space.Count) * Math.Pow(10, 5 - space.Digits), "rounding stays small");
        Assert.Equal(space.Signature, BasinSpaceText.Read(BasinSpaceText.Write(space)).Signature);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_large_space_keeps_fewer_digits_and_one_too_large_is_refused()
    {
        static BasinSpace Space(int techniques, int ways) => new(new TechniqueSpace([.. Enumerable.Range(0, techniques).Select(i => new CategoricalTechnique($"t{i}", [.. Enumerable.Range(0, ways).Select(way => $"w{way}")]))]));
        Assert.Equal((5, 4, 3), (Space(10, 32).Digits, Space(14, 32).Digits, Space(16, 32).Digits));
        Assert.Contains("4,096 bytes", Assert.Throws<ArgumentException>(() => Space(20, 32)).Message, StringComparison.Ordinal);
        var packet = BasinPacket.Write(RandomBasins.Point(Space(16, 32), new SeededRandom(1)), Longest);
        Assert.InRange(packet.Bytes.Length, 3000, BasinPacket.MaxBytes);
    }

    [Fact]
    public void Deltas_of_every_space_fit_and_read_back_the_same() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var space = RandomBasins.Space(random, 64);
        var point = BasinPoint.Even(space);
        var packet = BasinPacket.Write(point, Longest with { Parents = [] });
        var delta = BasinDelta.Create(new string('a', 32), packet, space, [new string('c', 32), "d"], BasinRecord.MaxCount, RandomBasins.Tangent(point, 50 * random.NextDouble(), random));
        Assert.InRange(delta.Bytes.Length, 1, BasinDelta.MaxBytes);
        Assert.InRange(delta.CarriedFactors, 1u, (uint)BasinDelta.MaxFactors);
        var read = BasinDelta.Read(delta.Bytes.Span, space);
        Assert.Equal(delta.Address, read.Address);
        Assert.Equal(delta.Tangent.ToArray(), read.Tangent.ToArray());
        Assert.Equal(delta.Bytes.ToArray(), CanonicalJson.Canonicalize(delta.Bytes));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_packet_or_a_delta_cut_off_anywhere_or_changed_anywhere_is_refused_or_another()
    {
        var (space, packet) = Sample();
        var delta = BasinDelta.Create(new string('a', 32), packet, space, ["claim"], 7, RandomBasins.Tangent(packet.PointIn(space), 0.5, new SeededRandom(2)));
        for (var cut = 0; cut < packet.Bytes.Length; cut++) Assert.Throws<BasinRefusedException>(() => BasinPacket.Read(packet.Bytes[..cut]));
        for (var cut = 0; cut < delta.Bytes.Length; cut++) Assert.Throws<BasinRefusedException>(() => BasinDelta.Read(delta.Bytes.Span[..cut], space));
        for (var at = 0; at < delta.Bytes.Length; at++)
        {
            foreach (var letter in " 0-}x\0\u00ff"u8)
            {
                var changed = delta.Bytes.ToArray();
                changed[at] = letter;
                if (changed[at] == delta.Bytes.Span[at]) continue;
                Assert.NotEqual(delta.Address, Tried(() => BasinDelta.Read(changed, space).Address));
                if (at < packet.Bytes.Length) Assert.NotEqual(packet.Address, Tried(() => BasinPacket.Read(Changed(packet.Bytes, at, letter)).Address));
            }
        }
    }

    [Theory]
    [InlineData("space", "\"0000000000000000000000000000000000000000000000000000000000000000\"", RefusalReason.OtherSpace)]
    [InlineData("factors", "[[0.5,0.4]]", RefusalReason.NoDistribution)]
    [InlineData("factors", "[[1.5,-0.5]]", RefusalReason.NoDistribution)]
    [InlineData("factors", "[{\"m\":0.5,\"s\":0}]", RefusalReason.NoDistribution)]
    [InlineData("factors", "[{\"m\":7,\"s\":0.1}]", RefusalReason.NoDistribution)]
    [InlineData("factors", "[1]", RefusalReason.NoDistribution)]
    [InlineData("factors", "[\"x\"]", RefusalReason.Malformed)]
    [InlineData("factors", "[[0.5,0.5]]", RefusalReason.OtherSpace)]
    [InlineData("experiments", "-1", RefusalReason.Malformed)]
    [InlineData("experiments", "1.5", RefusalReason.Malformed)]
    [InlineData("format", "\"hive-basin/9\"", RefusalReason.Malformed)]
    [InlineData("parents", "[\"x\"]", RefusalReason.Malformed)]
    [InlineData("parents", "7", RefusalReason.Malformed)]
    [InlineData("author", "\"me\"", RefusalReason.Malformed)]
    [InlineData("domain", "\"a b\"", RefusalReason.Malformed)]
    [InlineData("surplus", "1", RefusalReason.Malformed)]
    [InlineData("uses", null, RefusalReason.Malformed)]
    public void A_hostile_packet_is_refused_with_its_reason(string member, string? value, RefusalReason reason)
    {
        var (space, packet) = Sample();
        var json = JsonNode.Parse(packet.Bytes.Span)!.AsObject();
        if (value is null) json.Remove(member);
        else json[member] = JsonNode.Parse(value);
        var hostile = CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json.ToJsonString()));
        Assert.Equal(reason, Assert.Throws<BasinRefusedException>(() => BasinPacket.Read(hostile).PointIn(space)).Reason);
    }

    [Fact]
    public void What_is_oversized_not_canonical_or_holds_nan_is_refused()
    {
        var (space, packet) = Sample();
        var text = Encoding.UTF8.GetString(packet.Bytes.Span);
        RefusalReason Reason(string json) => Assert.Throws<BasinRefusedException>(() => BasinPacket.Read(Encoding.UTF8.GetBytes(json))).Reason;
        Assert.Equal(RefusalReason.Oversized, Reason(text + new string(' ', BasinPacket.MaxBytes)));
        Assert.Equal(RefusalReason.NotCanonical, Reason(text + " "));
        Assert.Equal(RefusalReason.NotCanonical, Reason(text.Replace("\"uses\":0", "\"uses\":0.0", StringComparison.Ordinal)));
        Assert.Equal(RefusalReason.NotJson, Reason(text.Replace("\"uses\":0", "\"uses\":NaN", StringComparison.Ordinal)));
        Assert.Equal(RefusalReason.NotJson, Reason(text[..^1] + ",\"uses\":0}"));
        Assert.Equal(RefusalReason.NotJson, Reason(""));
        Assert.Equal(RefusalReason.Malformed, Reason("[]"));
        var long512 = new byte[BasinDelta.MaxBytes + 1];
        Assert.Equal(RefusalReason.Oversized, Assert.Throws<BasinRefusedException>(() => BasinDelta.Read(long512, space)).Reason);
    }

    [Fact]
    public void A_signature_is_of_one_address_by_one_trusted_key()
    {
        var directory = TemporaryDirectory.Create("basin-keys");
        try
        {
            CheckKeys(Path.Combine(directory, "keys", "basin.pem"));
        }
        finally
        {
            TemporaryDirectory.Delete(directory);
        }
    }

    private static void CheckKeys(string path)
    {
        using var key = BasinKey.LoadOrCreate(path);
        using var again = BasinKey.LoadOrCreate(path);
        using var stranger = BasinKey.Create();
        Assert.Equal(key.Id, again.Id);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        var (_, packet) = Sample();
        var signature = BasinSignature.Read(key.Sign(packet.Address).ToJson());
        var trusted = new TrustList([new TrustedKey("hub", key.PublicKey, 0.7)]);
        Assert.Equal(0.7, trusted.Check(signature, packet.Address, key.Id));
        RefusalReason Refused(BasinSignature other, string address, string author) => Assert.Throws<BasinRefusedException>(() => trusted.Check(other, address, author)).Reason;
        Assert.Equal(RefusalReason.UnknownKey, Refused(stranger.Sign(packet.Address), packet.Address, key.Id));
        Assert.Equal(RefusalReason.BadSignature, Refused(signature, new string('0', 64), key.Id));
        Assert.Equal(RefusalReason.BadSignature, Refused(signature, packet.Address, stranger.Id));
        Assert.Equal(RefusalReason.BadSignature, Refused(stranger.Sign(packet.Address) with { PublicKey = key.PublicKey }, packet.Address, key.Id));
        Assert.Equal(RefusalReason.BadSignature, Refused(signature with { Value = "x" }, packet.Address, key.Id));
        File.WriteAllText(path, "no key");
        Assert.Throws<FormatException>(() => BasinKey.LoadOrCreate(path));
        File.WriteAllText(path, "{\"keys\":[{\"name\":\"x\",\"publicKey\":\"\",\"trust\":2}]}");
        Assert.Throws<FormatException>(() => TrustList.Load(path));
    }

    private static (BasinSpace Space, BasinPacket Packet) Sample()
    {
        var space = new BasinSpace(new TechniqueSpace([new CategoricalTechnique("init", ["normal", "xavier", "kaiming"]), new LogRealTechnique("rate", 1e-4, 1)]), [new Association(0, 2, 1, -1)]);
        return (space, BasinPacket.Write(RandomBasins.Point(space, new SeededRandom(1)), new BasinRecord("ml", Fingerprint, [], 12, 0.5, 0, "", 1)));
    }

    private static byte[] Changed(ReadOnlyMemory<byte> bytes, int at, byte letter)
    {
        var changed = bytes.ToArray();
        changed[at] = letter == changed[at] ? (byte)'_' : letter;
        return changed;
    }

    private static string? Tried(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (BasinRefusedException)
        {
            return null;
        }
    }
}

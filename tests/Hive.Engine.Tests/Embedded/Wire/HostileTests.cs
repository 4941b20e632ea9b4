using System.Buffers;
using FsCheck;
using FsCheck.Fluent;

namespace Hive.Engine.Tests.Embedded.Wire;

/// <summary>Whatever a stranger sends is read, or refused by one exception; and it costs no more memory than it has bytes for.</summary>
public sealed class HostileTests
{
    private static Gen<(byte[] Bytes, int[] Places)> Damaged { get; } =
        from value in Samples.Gen
        from places in Gen.Choose(0, int.MaxValue).ArrayOf(20)
        select (WireRig.Bytes(value), places);

    [Fact]
    public void Any_bytes_are_read_or_refused() => Prop.ForAll<byte[]>(bytes => ReadAsAll(bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_message_that_is_cut_off_is_refused() => Prop.ForAll(Arb.From(Damaged), damaged =>
    {
        var (bytes, places) = damaged;
        foreach (var place in places)
        {
            var part = bytes[..(place % bytes.Length)];
            Assert.Throws<WireFormatException>(() => WireRig.Serializer.Read<Everything>(part));
        }

        Assert.Throws<WireFormatException>(() => WireRig.Serializer.Read<Everything>([.. bytes, 0]));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_message_with_a_flipped_bit_is_read_or_refused() => Prop.ForAll(Arb.From(Damaged), damaged =>
    {
        var (bytes, places) = damaged;
        foreach (var place in places)
        {
            var bit = place % (bytes.Length * 8);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Try<Everything>(bytes);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_exception_with_flipped_bytes_is_read_or_refused()
    {
        var bytes = WireRig.Bytes<Exception>(new AggregateException("many", new FarException(3, "far"), new ArgumentNullException("name", new TimeoutException("late"))));
        for (var place = 0; place < bytes.Length; place++)
        {
            bytes[place] ^= 0xFF;
            Try<Exception>(bytes);
            bytes[place] ^= 0xFF;
        }
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1, 0 })]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x08, 5, 0 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 4, 1 })]
    public void A_claim_of_many_elements_without_their_bytes_allocates_nothing_for_them(byte[] bytes)
    {
        ReadAsAll(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        ReadAsAll(bytes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void An_object_that_lies_too_deep_or_contains_itself_is_refused()
    {
        var knot = new Knot();
        knot.Others.Add(knot);
        Assert.Contains("contains itself", Assert.Throws<WireFormatException>(() => WireRig.Bytes(knot)).Message, StringComparison.Ordinal);

        // A plain object whose member 0 is a list of one object, again and again.
        byte[] deep = [.. Enumerable.Repeat<byte[]>([1, (byte)WireKind.List, 2, (byte)WireKind.Object], 100_000).SelectMany(bytes => bytes)];
        Assert.Throws<WireFormatException>(() => WireRig.Serializer.Read<Knot>(deep));
        Assert.Throws<WireFormatException>(() => WireRig.Serializer.Read<Circle>([1, (byte)((6 << 3) | (byte)WireKind.Object), .. deep]));

        var chain = new Knot();
        for (var depth = 1; depth < WireWriter.MaxDepth; depth++) chain = new Knot { Others = { chain } };
        Assert.Single(WireRig.Copy(chain).Others);
    }

    [Fact]
    public void A_type_that_is_not_what_is_expected_or_not_listed_is_not_made()
    {
        Assert.Throws<WireFormatException>(() => WireRig.Serializer.Read<Shape>(WireRig.Bytes<object>(new Place(1, 2))));
        Assert.Throws<WireFormatException>(() => WireRig.Serializer.Read<object>([2, 5, .. "List"u8, 0]));
        Assert.Throws<WireFormatException>(() => WireRig.Serializer.Read<Shape>([1, 0]));
    }

    [Fact]
    public void A_type_that_does_not_say_how_it_travels_is_named_with_its_place()
    {
        var exception = Assert.Throws<CodecNotFoundException>(() => WireRig.Bytes(new Talkative([new Silent(1)])));
        Assert.Contains("Talkative.Friends", exception.Message, StringComparison.Ordinal);
        Assert.Contains(typeof(Silent).FullName!, exception.Message, StringComparison.Ordinal);
        Assert.Contains("[GenerateSerializer]", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_of_any_bytes_is_read_or_refused() => Prop.ForAll<byte[]>(bytes =>
    {
        try
        {
            WireRig.Serializer.ReadCall(bytes, out _);
        }
        catch (OrleansException)
        {
            // A method that nobody has is no fault of the format.
        }
    }).QuickCheckThrowOnFailure();

    private static void ReadAsAll(byte[] bytes)
    {
        Try<Everything>(bytes);
        Try<Everything[]>(bytes);
        Try<Shape>(bytes);
        Try<object>(bytes);
        Try<Exception>(bytes);
        Try<List<string>>(bytes);
        Try<long[]>(bytes);
        Try<double[]>(bytes);
        Try<(int, string)[]>(bytes);
        Try<Dictionary<string, Everything>>(bytes);
        Try<decimal>(bytes);
        Try<DateTimeOffset>(bytes);
        Try<DateTime>(bytes);
        Try<GrainId>(bytes);
        Try<StreamId>(bytes);
        Try<SiloAddress>(bytes);
        Try<Closed>(bytes);
        Try<Labelled>(bytes);
        Try<Small>(bytes);
        Try<Guid?>(bytes);
    }

    private static void Try<T>(byte[] bytes)
    {
        try
        {
            WireRig.Serializer.Read<T>(bytes);
        }
        catch (WireFormatException)
        {
            // This, and nothing else.
        }
    }
}

using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Hive.Engine.Tests.Embedded.Wire;

public sealed class RoundTripTests
{
    [Fact]
    public void Every_number_comes_back_as_it_was()
    {
        Holds<bool>();
        Holds<byte>();
        Holds<sbyte>();
        Holds<short>();
        Holds<ushort>();
        Holds<int>();
        Holds<uint>();
        Holds<long>();
        Holds<ulong>();
        Holds<char>();
        Holds<float>();
        Holds<double>();
        Holds<decimal>();
        Holds<Small>();
        Holds<Signed>();
        foreach (var value in new[] { long.MinValue, long.MaxValue, 0, -1, 1, 63, 64, -64, -65 }) Assert.Equal(value, WireRig.Copy(value));
        foreach (var value in new[] { double.NaN, double.NegativeInfinity, -0.0, double.Epsilon, double.MaxValue })
        {
            Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(WireRig.Copy(value)));
        }

        foreach (var value in new[] { decimal.MinValue, decimal.MaxValue, 0.00m, -0.0m, 1e-28m })
        {
            Assert.Equal(value.ToString(CultureInfo.InvariantCulture), WireRig.Copy(value).ToString(CultureInfo.InvariantCulture));
        }

        Assert.Equal(Int128.MinValue, WireRig.Copy(Int128.MinValue));
        Assert.Equal(UInt128.MaxValue, WireRig.Copy(UInt128.MaxValue));
        Assert.Equal((Small)77, WireRig.Copy((Small)77));
        Assert.Equal(Signed.Least, WireRig.Copy(Signed.Least));
    }

    [Fact]
    public void Every_text_time_and_identity_comes_back_as_it_was()
    {
        Prop.ForAll<string?>(text => WireRig.Copy(text) == text || text!.Any(char.IsSurrogate)).QuickCheckThrowOnFailure();
        Holds<Guid>();
        Holds<TimeSpan>();
        Holds<DateTimeOffset>();
        Prop.ForAll<DateTime>(time => WireRig.Copy(time) == time && WireRig.Copy(time).Kind == time.Kind).QuickCheckThrowOnFailure();
        Same(DateTime.MaxValue, DateTime.MinValue, DateTime.UnixEpoch);
        Same(DateTimeOffset.MaxValue, DateTimeOffset.MinValue, new DateTimeOffset(2020, 1, 2, 3, 4, 5, TimeSpan.FromMinutes(-99)));
        Same(DateOnly.MinValue, DateOnly.MaxValue);
        Same(TimeOnly.MinValue, TimeOnly.MaxValue);
        Same<Uri?>(null, new Uri("https://example.org/ä?b#c"), new Uri("a/b", UriKind.Relative));
        Same<Version?>(null, new Version(1, 2), new Version(1, 2, 3, 4));
        Same(default, GrainId.Create("goal", "a/b+ü"), new GrainId(GrainType.Create("x"), IdSpan.Create(string.Empty)));
        Same(default, GrainType.Create("goal"));
        Same<SiloAddress?>(null, SiloAddress.FromParsableString("127.0.0.1:7@42"), SiloAddress.FromParsableString("[::1]:7@-1"));
        Same(default, StreamId.Create(null, "key"), StreamId.Create("space 1", "9 key"), StreamId.Create("ns", Guid.NewGuid()));
        Assert.Equal("a\uFFFD", WireRig.Copy("a\uD800"));
    }

    [Fact]
    public void Every_collection_comes_back_with_the_same_elements() => Prop.ForAll<(int, string?)[]>(items =>
    {
        Assert.Equal(items, WireRig.Copy(items));
        Assert.Equal(items, WireRig.Copy(items.ToList()));
        Assert.Equal(items, WireRig.Copy(items.ToImmutableArray()));
        Assert.Equal(items, WireRig.Copy(items.ToImmutableList()));
        Assert.Equal(items, WireRig.Copy<IReadOnlyList<(int, string?)>>(items));
        Assert.Equal(items, WireRig.Copy<IEnumerable<(int, string?)>>(items.Where(_ => true)));
        Assert.Equal(items, WireRig.Copy<IList<(int, string?)>>(items));
        Assert.Equal(items, WireRig.Copy(new Queue<(int, string?)>(items)));
        Assert.Equal(items.ToHashSet(), WireRig.Copy(items.ToHashSet()));
        Assert.Equal(items.ToFrozenSet(), WireRig.Copy(items.ToFrozenSet()));
        Assert.Equal(items.ToImmutableHashSet(), WireRig.Copy(items.ToImmutableHashSet()));
        var map = items.DistinctBy(item => item.Item1).ToDictionary(item => item.Item1, item => item.Item2);
        Assert.Equal(map, WireRig.Copy(map));
        Assert.Equivalent(map, WireRig.Copy<IReadOnlyDictionary<int, string?>>(map), strict: true);
        Assert.Equivalent(map, WireRig.Copy(map.ToFrozenDictionary()), strict: true);
        Assert.Equivalent(map, WireRig.Copy(map.ToImmutableDictionary()), strict: true);
        Assert.Equal(map.ToImmutableSortedDictionary(), WireRig.Copy(map.ToImmutableSortedDictionary()));
        Assert.Equal(items.Select(item => (double)item.Item1), WireRig.Copy(items.Select(item => (double)item.Item1).ToArray()));
        Assert.Equal(items.Select(item => (int?)item.Item1).Append(null), WireRig.Copy(items.Select(item => (int?)item.Item1).Append(null).ToArray()));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_stays_nothing()
    {
        Assert.Null(WireRig.Copy<int[]?>(null));
        Assert.Null(WireRig.Copy<byte[]?>(null));
        Assert.Null(WireRig.Copy<List<int>?>(null));
        Assert.Null(WireRig.Copy<int?>(null));
        Assert.Null(WireRig.Copy<Everything?>(null));
        Assert.Null(WireRig.Copy<object?>(null));
        Assert.Null(WireRig.Copy<Exception?>(null));
        Assert.Null(WireRig.Copy<IFar?>(null));
        Assert.Null(WireRig.Copy<Tuple<int, int>?>(null));
        Assert.True(WireRig.Copy(default(ImmutableArray<int>)).IsDefault);
        Assert.True(WireRig.Copy(default(ImmutableArray<byte>)).IsDefault);
        Assert.Equal(CancellationToken.None, WireRig.Copy(new CancellationToken(canceled: true)));
    }

    [Fact]
    public void An_object_comes_back_with_all_its_members() => Prop.ForAll(Arb.From(Samples.Gen), value =>
    {
        var copy = WireRig.Copy(value);
        Assert.NotSame(value, copy);
        Assert.Equivalent(value, copy, strict: true);
        Assert.Equal((value.Shape?.GetType(), value.Anything?.GetType()), (copy.Shape?.GetType(), copy.Anything?.GetType()));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void One_of_a_hierarchy_comes_back_as_what_it_is()
    {
        Shape[] shapes = [new Circle("c", 2), new Polygon("p", [new Place(1, 2)]), new Labelled("l", [], "label") { Within = new Circle("in", 0.5) }];
        var copies = WireRig.Copy(shapes);
        Assert.Equal(shapes.Select(shape => shape.GetType()), copies.Select(shape => shape.GetType()));
        Assert.Equivalent(shapes, copies, strict: true);
        Assert.IsType<Labelled>(WireRig.Copy<Polygon>((Polygon)shapes[2]));
        Assert.Contains("circle", System.Text.Encoding.UTF8.GetString(WireRig.Bytes(shapes)), StringComparison.Ordinal);
    }

    [Fact]
    public void Private_members_and_fields_of_structs_travel()
    {
        Assert.Equal(Closed.Of(4, "four").Show(), WireRig.Copy(Closed.Of(4, "four")).Show());
        var fields = WireRig.Copy(new Fields { First = 3, Second = "three" });
        Assert.Equal((3, "three"), (fields.First, fields.Second));
    }

    private static void Same<T>(params T[] values) => Assert.All(values, value => Assert.Equal(value, WireRig.Copy(value)));

    private static void Holds<T>() => Prop.ForAll<T>(value => EqualityComparer<T>.Default.Equals(WireRig.Copy(value), value)).QuickCheckThrowOnFailure();
}

/// <summary>Random values of <see cref="Everything"/>.</summary>
internal static class Samples
{
    public static Gen<Everything> Gen { get; } = FsCheck.Fluent.Gen.Sized(size => Of(Math.Min(size / 10, 3)));

    private static Gen<Everything> Of(int depth)
    {
        var map = ArbMap.Default;
        return from text in map.GeneratorFor<NonNull<string>>()
               from number in map.GeneratorFor<int>()
               from maybe in map.GeneratorFor<double?>()
               from at in map.GeneratorFor<DateTimeOffset>()
               from bytes in map.GeneratorFor<byte[]>()
               from point in map.GeneratorFor<double[]>()
               from names in map.GeneratorFor<int?[]>()
               from guids in map.GeneratorFor<Guid[]>()
               from kind in FsCheck.Fluent.Gen.Choose(0, 5)
               from inner in depth == 0 ? FsCheck.Fluent.Gen.Constant<Everything?>(null) : Of(depth - 1).Select(one => (Everything?)one)
               let safe = new string([.. text.Get.Where(c => !char.IsSurrogate(c))])
               select new Everything
               {
                   Text = safe,
                   Missing = number % 2 == 0 ? null : safe,
                   Number = number,
                   Maybe = maybe,
                   Small = (Small)(byte)number,
                   Signed = (Signed)number,
                   At = at,
                   Bytes = bytes,
                   Point = [.. point],
                   Names = [.. names.Select(name => name?.ToString(CultureInfo.InvariantCulture))],
                   Counts = names.OfType<int>().Distinct().ToDictionary(name => name.ToString(CultureInfo.InvariantCulture), name => name),
                   Shapes = ImmutableSortedDictionary<string, Shape?>.Empty.Add(safe, new Circle(safe, number)).Add(safe + "2", null),
                   Pair = (number, safe),
                   Couple = kind == 0 ? null : Tuple.Create(number, safe),
                   Shape = kind switch { 0 => null, 1 => new Labelled("a", [new Place(number, 1)], safe), _ => new Circle(safe, number) },
                   Anything = kind switch { 0 => null, 1 => number, 2 => safe, 3 => at, 4 => new Place(1, number), _ => new Circle("c", number) },
                   Inner = inner,
                   Set = guids.ToFrozenSet(),
                   Memory = bytes,
                   Places = [new Place(number, kind)],
                   Grain = GrainId.Create("kind", "key" + number),
               };
    }
}

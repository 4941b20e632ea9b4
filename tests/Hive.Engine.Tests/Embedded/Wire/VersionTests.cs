using System.Collections.Immutable;

namespace Hive.Engine.Tests.Embedded.Wire;

/// <summary>Two builds that differ by members understand one another.</summary>
public sealed class VersionTests
{
    [Fact]
    public void A_reader_steps_over_members_that_it_does_not_know()
    {
        var sent = new LaterVersion
        {
            Name = "new",
            Everything = new Everything { Text = "text", Shape = new Circle("c", 1), Anything = 7, Names = ["a", null], Point = [1, 2], Inner = new Everything { Text = "inner" } },
            Shapes = [new Labelled("l", [new Place(1, 2)], "x"), new Circle("c", 2)],
            Guid = Guid.NewGuid(),
            Half = 0.5f,
            Any = DateTimeOffset.UnixEpoch,
        };
        Assert.Equal(new FirstVersion("new", 0), WireRig.Serializer.Read<FirstVersion>(WireRig.Bytes(sent)));
    }

    [Fact]
    public void Members_that_do_not_come_keep_what_their_declaration_says()
    {
        var read = WireRig.Serializer.Read<LaterVersion>(WireRig.Bytes(new FirstVersion("old", 44)));
        Assert.Equal(("old", 5, (Everything?)null), (read.Name, read.Rank, read.Everything));
        Assert.Equal(new LaterVersion().Shapes, read.Shapes);
        Assert.Equal(new LaterPositional("old", 44), WireRig.Serializer.Read<LaterPositional>(WireRig.Bytes(new FirstVersion("old", 44))));
    }

    [Fact]
    public void What_is_set_to_the_default_of_its_type_is_not_taken_for_missing()
    {
        var read = WireRig.Copy(new LaterVersion { Name = null!, Rank = 0, Shapes = [] });
        Assert.Equal((null, 0, 0), (read.Name, read.Rank, read.Shapes.Length));
    }

    [Fact]
    public void A_base_class_may_gain_and_lose_members()
    {
        Assert.Equal(new NarrowDerived(1, "c"), WireRig.Serializer.Read<NarrowDerived>(WireRig.Bytes(new WideDerived(1, "b", "c"))));
        Assert.Equal(new WideDerived(1, null!, "c"), WireRig.Serializer.Read<WideDerived>(WireRig.Bytes(new NarrowDerived(1, "c"))));
    }

    [Fact]
    public void A_member_whose_type_has_changed_is_refused() =>
        Assert.Throws<WireFormatException>(() => WireRig.Serializer.Read<Circle>(WireRig.Bytes(new Labelled("a", ImmutableArray<Place>.Empty, "b"))));

    [Fact]
    public void The_format_does_not_change_unseen()
    {
        Assert.Equal("01" + "04" + "036162" + "11" + "09" + "00", Convert.ToHexString(WireRig.Bytes(new FirstVersion("ab", -5))));
        Assert.Equal("04" + "01" + "02" + "AC02" + "01", Convert.ToHexString(WireRig.Bytes(new[] { 1, 150, -1 })));
    }
}

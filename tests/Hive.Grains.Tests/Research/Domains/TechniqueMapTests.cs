using FsCheck;
using FsCheck.Fluent;
using Hive.Goals;
using Hive.Research;
using Hive.Research.Domains;
using Hive.Spaces;

namespace Hive.Grains.Tests.Research.Domains;

public sealed class TechniqueMapTests
{
    private static readonly NamedDimension[] Everything =
    [
        new("circles", new VectorDimension(2, new TupleDimension([new RealDimension(0, 1), new LogRealDimension(0.1, 10)]))),
        new("layers", new IntegerDimension(1, 6)),
        new("fixed", new IntegerDimension(7, 7)),
        new("way", new ChoiceDimension(["\"adam\"", "3", "true"])),
        new("order", new PermutationDimension(4)),
    ];

    [Fact]
    public void Nested_shapes_are_laid_flat_under_names_that_say_where_they_were()
    {
        var map = TechniqueMap.Of([.. Everything]);
        Assert.Equal(
            ["circles-0-0", "circles-0-1", "circles-1-0", "circles-1-1", "layers", "way", "order-0", "order-1", "order-2", "order-3"],
            map.Space.Techniques.Select(technique => technique.Name));
        Assert.Equal("adam,3,true", string.Join(',', Assert.IsType<CategoricalTechnique>(map.Space.Techniques[5]).Values));
    }

    [Fact]
    public void Every_configuration_is_a_candidate_of_the_space_and_comes_back() => Prop.ForAll<ulong>(seed =>
    {
        var map = TechniqueMap.Of([.. Everything]);
        var space = SearchSpace.Of([.. Everything]);
        var point = map.ToPoint(map.Space.Sample(new SeededRandom(seed)));
        var back = map.ToConfiguration(space.FromJson(space.ToJson(point)));
        return map.Space.Mistake(back) is null && map.ToPoint(back).SequenceEqual(point);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_middle_is_a_point_of_the_space() => Assert.Null(TechniqueMap.Of([.. Everything]) is var map ? map.Space.Mistake(map.Middle()) : "none");

    [Fact]
    public void Strange_and_long_names_become_names_of_techniques()
    {
        var map = TechniqueMap.Of([new("größe (mm)", new RealDimension(0, 1)), new(new string('x', 60), new RealDimension(0, 1)), new(new string('x', 61), new RealDimension(0, 1))]);
        Assert.Equal("gr--e--mm-", map.Space.Techniques[0].Name);
        Assert.NotEqual(map.Space.Techniques[1].Name, map.Space.Techniques[2].Name);
    }

    [Theory]
    [InlineData(26, "78 numbers and choices")]
    [InlineData(22, "shorten a vector")]
    public void A_space_with_too_many_techniques_is_refused_with_their_number(int circles, string reason) =>
        Assert.Contains(reason, Refused(new NamedDimension("circles", new VectorDimension(circles, new TupleDimension([.. Enumerable.Repeat(new RealDimension(0, 1), 3)])))));

    [Fact]
    public void What_research_cannot_vary_is_refused_with_its_path()
    {
        Assert.Contains("space.a[1]: this has 33 choices", Refused(new NamedDimension(
            "a", new TupleDimension([new RealDimension(0, 1), new ChoiceDimension([.. Enumerable.Range(0, 33).Select(i => $"{i}")])]))));
        Assert.Contains("space.n: this range", Refused(new NamedDimension("n", new IntegerDimension(0, 1L << 40))));
        Assert.Contains("nothing may vary", Refused(new NamedDimension("n", new IntegerDimension(1, 1))));
    }

    private static string Refused(NamedDimension dimension) =>
        string.Join("; ", Assert.Throws<GoalSpecException>(() => TechniqueMap.Of([dimension])).Mistakes);
}

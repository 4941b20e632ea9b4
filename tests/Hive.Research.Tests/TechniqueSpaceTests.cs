using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Hive.Randomness;

namespace Hive.Research.Tests;

public sealed class TechniqueSpaceTests
{
    private static readonly TechniqueSpace Space = new(
    [
        new CategoricalTechnique("init", ["normal", "xavier", "kaiming"]),
        new IntegerTechnique("layers", 1, 6),
        new LogRealTechnique("rate", 1e-5, 1),
        new RealTechnique("dropout", 0, 0.5),
    ]);

    [Fact]
    public void Whatever_is_drawn_is_a_point_of_the_space_and_reads_back_as_written() => Prop.ForAll<ulong>(seed =>
    {
        var drawn = Space.Sample(new SeededRandom(seed));
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) Space.Write(writer, drawn);
        using var json = JsonDocument.Parse(stream.ToArray());
        return Space.Mistake(drawn) is null && Space.Read(json.RootElement).Equals(drawn);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_coordinate_leads_back_to_its_value() => Prop.ForAll<ulong>(seed =>
    {
        var drawn = Space.Sample(new SeededRandom(seed));
        return Enumerable.Range(0, Space.Techniques.Length).All(i =>
            Math.Abs(Space.FromCoordinate(i, Space.ToCoordinate(i, drawn[i])) - drawn[i]) <= 1e-12 * Math.Abs(drawn[i]));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("""{"init":"normal","layers":2,"rate":0.1}""", "'dropout' has no value")]
    [InlineData("""{"init":"zero","layers":2,"rate":0.1,"dropout":0}""", "is no value of 'init'")]
    [InlineData("""{"init":"normal","layers":2.5,"rate":0.1,"dropout":0}""", "is no value of 'layers'")]
    [InlineData("""{"init":"normal","layers":2,"rate":0,"dropout":0}""", "is no value of 'rate'")]
    [InlineData("""{"init":"normal","layers":2,"rate":0.1,"dropout":0,"depth":1}""", "no technique 'depth'")]
    [InlineData("[]", "a JSON object")]
    public void What_is_no_configuration_is_refused_with_the_reason(string text, string reason)
    {
        using var json = JsonDocument.Parse(text);
        Assert.Contains(reason, Assert.Throws<FormatException>(() => Space.Read(json.RootElement)).Message);
    }

    [Fact]
    public void A_technique_that_cannot_be_is_named() =>
        Assert.Contains("'rate'", Assert.Throws<ArgumentException>(() => new TechniqueSpace([new LogRealTechnique("rate", 0, 1)])).Message);
}

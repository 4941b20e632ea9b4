using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Hive.Explorers;
using Hive.Goals;
using Hive.Spaces;

namespace Hive.Tests.Spaces;

public class SearchSpaceTests
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(300);

    private static readonly SearchSpace Mixed = SearchSpace.Of(
    [
        new("rate", new LogRealDimension(1e-6, 1)),
        new("layers", new IntegerDimension(1, 4)),
        new("optimizer", new ChoiceDimension(["\"adam\"", "\"sgd\"", "3"])),
        new("order", new PermutationDimension(3)),
        new("circles", new VectorDimension(2, new TupleDimension([new RealDimension(0, 1), new RealDimension(0, 0.5)]))),
    ]);

    private const string Candidate = """{"rate":0.001,"layers":2,"optimizer":"sgd","order":[2,0,1],"circles":[[0.1,0.2],[0.3,0.4]]}""";

    [Fact]
    public void A_point_and_its_json_determine_each_other_to_the_last_bit() =>
        Check.One(Quick, Prop.ForAll<ulong, ulong>((shape, seed) =>
        {
            var space = RandomSpaces.Space(shape);
            var point = new double[space.Length];
            space.Scale.Decode(space.Scale.Draw(new SeededRandom(seed)), point);
            Assert.Equal(point.Select(BitConverter.DoubleToInt64Bits), space.FromJson(space.ToJson(point)).Select(BitConverter.DoubleToInt64Bits));
        }));

    [Fact]
    public void A_candidate_reads_as_its_names_and_values_in_order()
    {
        var point = Mixed.FromJson(Candidate);
        Assert.Equal([0.001, 2, 1, 2, 0, 1, 0.1, 0.2, 0.3, 0.4], point);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Candidate), JsonNode.Parse(Mixed.ToJson(point))));
    }

    [Theory]
    [InlineData("not json", "not JSON")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{}", "lacks 'rate'")]
    [InlineData("rate:2", "'rate'")]
    [InlineData("rate:\"0.1\"", "'rate'")]
    [InlineData("layers:2.5", "'layers' is not a whole number")]
    [InlineData("layers:5", "'layers'")]
    [InlineData("optimizer:\"Adam\"", "'optimizer' is none of the choices")]
    [InlineData("order:[0,1]", "'order' is not an array of 3")]
    [InlineData("order:[0,1,1]", "'order' has 1 twice")]
    [InlineData("circles:[[0,0],[0,0.6]]", "'circles[1][1]'")]
    [InlineData("circles:[[0,0]]", "'circles' is not an array of 2")]
    [InlineData("extra:1", "'extra'")]
    public void Anything_else_is_refused_with_the_place(string change, string message)
    {
        var text = change;
        if (char.IsLetter(change[0]) && change.Contains(':'))
        {
            var candidate = JsonNode.Parse(Candidate)!.AsObject();
            candidate[change[..change.IndexOf(':')]] = JsonNode.Parse(change[(change.IndexOf(':') + 1)..]);
            text = candidate.ToJsonString();
        }

        Assert.Contains(message, Assert.Throws<FormatException>(() => Mixed.FromJson(text)).Message);
    }

    [Fact]
    public void A_name_given_twice_is_refused() =>
        Assert.Throws<FormatException>(() => Mixed.FromJson(Candidate[..^1] + ""","rate":0.1}"""));

    [Fact]
    public void Every_genome_decodes_to_a_point_inside_and_encoding_leads_back_to_the_point() =>
        Check.One(Quick, Prop.ForAll<ulong, ulong>((shape, seed) =>
        {
            var space = RandomSpaces.Space(shape);
            var random = new SeededRandom(seed);
            var genome = space.Scale.Draw(random);
            foreach (var place in space.Scale.Numbers)
            {
                genome[place] = random.NextInt(4) switch { 0 => 0, 1 => 1, 2 => double.NaN, _ => random.NextGaussian() };
            }

            var point = new double[space.Length];
            space.Scale.Decode(genome, point);
            Assert.True(RandomSpaces.Contains(space, point), $"{string.Join(' ', point)} of shape {shape}, seed {seed}");
            var again = new double[space.Length];
            space.Scale.Decode(space.Scale.Encode(point), again);
            Assert.InRange(space.Scale.Distance(point, again), 0, 1e-9);
        }));
}

using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Hive.Evaluators;
using Hive.Explorers;
using Hive.Goals;
using Hive.Spaces;
using Hive.Tests.Spaces;

namespace Hive.Tests.Explorers;

public class ExplorerPropertyTests
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(60);

    [Fact]
    public void Every_explorer_asks_only_for_points_inside_the_space_and_no_more_than_wanted_whatever_it_is_told() =>
        Check.One(Quick, Prop.ForAll<ulong, ulong>((shape, seed) =>
        {
            var space = RandomSpaces.Space(shape);
            foreach (var strategy in ExplorerFactory.StrategiesFor(space))
            {
                var random = new SeededRandom(seed);
                var explorer = Create(strategy, space, seed, random);
                for (var i = 0; i < 150; i++)
                {
                    var most = 1 + random.NextInt(40);
                    var points = explorer.Ask(most);
                    Assert.InRange(points.Count, 1, most);
                    Assert.All(points, point => Assert.True(RandomSpaces.Contains(space, point), $"{strategy}: {string.Join(' ', point)} of shape {shape}, seed {seed}"));
                    explorer.Tell(Hostile(random, points.Count));
                    if (random.NextInt(30) == 0)
                    {
                        explorer.Hear(Elites(space, random));
                    }
                }
            }
        }));

    [Fact]
    public void Every_explorer_repeats_from_its_seed_and_the_answers() =>
        Check.One(Quick, Prop.ForAll<ulong, ulong>((shape, seed) =>
        {
            var space = RandomSpaces.Space(shape);
            foreach (var strategy in ExplorerFactory.StrategiesFor(space))
            {
                Assert.Equal(Transcript(strategy, space, seed), Transcript(strategy, space, seed));
            }
        }));

    [Fact]
    public void Points_that_were_not_answered_are_asked_for_again() =>
        Check.One(Quick, Prop.ForAll<ulong>(seed =>
        {
            var space = RandomSpaces.Space(seed);
            foreach (var strategy in ExplorerFactory.StrategiesFor(space))
            {
                var explorer = Create(strategy, space, seed, new SeededRandom(seed));
                for (var i = 0; i < 20; i++)
                {
                    var first = explorer.Ask(16);
                    var rest = first.Skip(1).Select(point => point.ToArray()).ToArray();
                    explorer.Tell([new Measurement(i % 3, 0, null)]);
                    if (rest.Length > 0)
                    {
                        Assert.Equal(rest[0], explorer.Ask(1)[0]);
                    }
                }
            }
        }));

    private static IExplorer Create(string strategy, SearchSpace space, ulong seed, SeededRandom random) =>
        ExplorerFactory.Create(strategy, space, Metrics.Check(seed % 2 == 0 ? MetricDirection.Maximize : MetricDirection.Minimize), seed, Elites(space, random));

    private static List<double[]> Transcript(string strategy, SearchSpace space, ulong seed)
    {
        var random = new SeededRandom(seed);
        var explorer = Create(strategy, space, seed, random);
        var asked = new List<double[]>();
        for (var i = 0; i < 100; i++)
        {
            var points = explorer.Ask(8);
            asked.AddRange(points.Select(point => point.ToArray()));
            explorer.Tell([.. points.Select(point => new Measurement(point.Sum(value => Math.Cos(value)), Math.Max(0, Math.Sin(point[0])), null))]);
        }

        return asked;
    }

    private static ImmutableArray<Elite> Elites(SearchSpace space, SeededRandom random) =>
        [.. Enumerable.Range(0, random.NextInt(ExplorationTask.MaxElites + 1)).Select(_ =>
        {
            var point = new double[space.Length];
            space.Scale.Decode(space.Scale.Draw(random), point);
            return new Elite([.. point], random.NextGaussian(), random.NextInt(2) * random.NextDouble());
        })];

    private static Measurement[] Hostile(SeededRandom random, int count)
    {
        var mood = random.NextInt(8);
        return [.. Enumerable.Range(0, count).Select(_ => mood switch
        {
            0 => Measurement.Failed("no"),
            1 => new Measurement(1, 0, null),
            2 => new Measurement(random.NextInt(2) == 0 ? 1e308 : -1e308, 0, null),
            3 => new Measurement(random.NextGaussian(), random.NextDouble() * 1e308, null),
            4 => new Measurement(0, random.NextInt(2), null),
            5 => random.NextInt(2) == 0 ? Measurement.Failed("now and then") : new Measurement(random.NextGaussian(), 0, null),
            6 => new Measurement(double.Epsilon * random.NextInt(5), double.Epsilon * random.NextInt(3), null),
            _ => new Measurement(random.NextGaussian(), 0, null),
        })];
    }
}

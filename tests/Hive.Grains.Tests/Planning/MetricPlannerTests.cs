using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Hive.Explorers;
using Hive.Goals;
using Hive.Planning;
using Hive.Spaces;
using Hive.Tests.Explorers;

namespace Hive.Tests.Planning;

public class MetricPlannerTests
{
    private static readonly ImmutableArray<NamedDimension> Line = [new("x", new RealDimension(0, 1))];
    private static readonly SearchSpace Space = SearchSpace.Of(Line);
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(200);

    [Fact]
    public void It_ends_having_spent_the_budget_to_the_last_evaluation_and_no_more() =>
        Check.One(Quick, Prop.ForAll<ulong>(seed =>
        {
            var random = new SeededRandom(seed);
            var spec = Spec(evaluations: 1 + random.NextInt((int)Math.Pow(10, 1 + random.NextInt(5))), agents: 1 + random.NextInt(40));
            var planner = new MetricPlanner(spec, Space);
            var rounds = 0;
            while (!planner.IsDone)
            {
                Assert.True(++rounds <= 200, $"seed {seed}: still going after {rounds} rounds");
                Assert.True(planner.Fork().Sum(task => task.Evaluations) <= spec.Budget.Evaluations - planner.Evaluations);
                Play(planner, random);
            }

            Assert.Equal(spec.Budget.Evaluations, planner.Evaluations);
            Assert.Empty(planner.Fork());
        }));

    [Fact]
    public void It_ends_in_bounded_rounds_though_attempts_fail_and_are_cut_short() =>
        Check.One(Quick, Prop.ForAll<ulong>(seed =>
        {
            var random = new SeededRandom(seed);
            var planner = new MetricPlanner(Spec(1 + random.NextInt(20_000), 1 + random.NextInt(20), seconds: 5), Space);
            for (var round = 0; !planner.IsDone; round++)
            {
                Assert.True(round < 100, $"seed {seed}: still going after {round} rounds");
                Play(planner, random, failing: 0.3, cut: 0.3);
            }

            Assert.True(planner.Evaluations <= 20_000);
        }));

    [Fact]
    public void A_replay_of_its_records_rebuilds_it() =>
        Check.One(Quick, Prop.ForAll<ulong>(seed =>
        {
            var random = new SeededRandom(seed);
            var spec = Spec(5_000, 1 + random.NextInt(12), seconds: random.NextInt(2) == 0 ? 3 : null);
            var planner = new MetricPlanner(spec, Space);
            var replay = new MetricPlanner(spec, Space);
            while (!planner.IsDone)
            {
                var tasks = planner.Fork();
                Assert.Equal<IEnumerable<string>>(tasks.Select(Text), planner.Fork().Select(Text));
                Assert.Equal<IEnumerable<string>>(tasks.Select(Text), replay.Fork().Select(Text));
                foreach (var task in tasks)
                {
                    var result = Result(task, random, failing: 0.1, cut: 0.1);
                    planner.Record(result);
                    replay.Record(result);
                }

                var seconds = random.NextDouble();
                planner.Close(seconds);
                replay.Close(seconds);
            }

            Assert.True(replay.IsDone);
            Assert.Equal(planner.Best?.Metric, replay.Best?.Metric);
        }));

    [Fact]
    public void Every_strategy_is_tried_before_one_is_chosen()
    {
        foreach (var agents in new[] { 1, 3, 16 })
        {
            var planner = new MetricPlanner(Spec(100_000, agents), Space);
            var random = new SeededRandom(1);
            var strategies = ExplorerFactory.StrategiesFor(Space);
            var tried = new HashSet<string>();
            for (var tasks = 0; tasks < strategies.Length; tasks += agents)
            {
                tried.UnionWith(planner.Fork().Select(task => task.Strategy));
                Play(planner, random);
            }

            Assert.Equal(strategies.Length, tried.Count);
        }
    }

    [Fact]
    public void The_strategy_that_improves_the_best_gets_most_of_the_slices_and_the_others_go_on_being_tried()
    {
        var planner = new MetricPlanner(Spec(1_000_000, 16), Space);
        var best = 0.0;
        while (!planner.IsDone)
        {
            foreach (var task in planner.Fork())
            {
                best += task.Strategy == "local-mutation" ? 1 : 0;
                var metric = task.Strategy == "local-mutation" ? best : 0.0;
                planner.Record(new ExplorationResult(task.Index, task.Evaluations, 0, [new Elite([best / 1000 % 1], metric, 0)], null));
            }

            planner.Close(1);
        }

        var attempts = planner.Strategies.ToDictionary(standing => standing.Name, standing => standing.Attempts);
        Assert.True(attempts["local-mutation"] > attempts.Values.Sum() / 2);
        Assert.All(attempts.Values, count => Assert.True(count > 1));
    }

    [Fact]
    public void It_is_done_as_soon_as_a_feasible_point_reaches_the_target()
    {
        var spec = Spec(10_000, 4) with { Metric = Metrics.Check(MetricDirection.Minimize, target: 0.5) };
        var planner = new MetricPlanner(spec, Space);
        foreach (var (metric, violation, isDone) in new[] { (0.4, 1.0, false), (0.6, 0.0, false), (0.5, 0.0, true) })
        {
            foreach (var task in planner.Fork())
            {
                planner.Record(new ExplorationResult(task.Index, 1, 0, [new Elite([metric], metric, violation)], null));
            }

            planner.Close(0.1);
            Assert.Equal(isDone, planner.TargetReached);
            Assert.Equal(isDone, planner.IsDone);
        }
    }

    [Fact]
    public void A_discarded_elite_is_the_best_no_longer()
    {
        var planner = new MetricPlanner(Spec(10_000, 2), Space);
        foreach (var task in planner.Fork())
        {
            planner.Record(new ExplorationResult(task.Index, 1, 0, [new Elite([task.Index / 2.0], task.Index, 0)], null));
        }

        Assert.Equal(1, planner.Best!.Metric);
        planner.Discard(planner.Best);
        Assert.Equal(0, planner.Best!.Metric);
    }

    [Fact]
    public void Results_out_of_order_and_claims_beyond_the_slice_are_refused()
    {
        var planner = new MetricPlanner(Spec(10_000, 2), Space);
        var tasks = planner.Fork();
        Assert.Throws<InvalidOperationException>(() => planner.Record(new ExplorationResult(1, 1, 0, [], null)));
        Assert.Throws<InvalidOperationException>(() => planner.Record(new ExplorationResult(0, tasks[0].Evaluations + 1, 0, [], null)));
        Assert.Throws<InvalidOperationException>(() => planner.Close(1));
    }

    private static GoalSpec Spec(long? evaluations, int agents, double? seconds = null) => new()
    {
        Objective = "find it",
        Metric = Metrics.Check(MetricDirection.Maximize),
        Space = Line,
        Budget = new GoalBudget(evaluations, seconds, null),
        Agents = agents,
        Seed = 1,
    };

    private static string Text(ExplorationTask task) =>
        $"{task with { Elites = [] }} {string.Join(' ', task.Elites.Select(elite => $"{elite.Point[0]:R} {elite.Metric:R}"))}";

    private static void Play(MetricPlanner planner, SeededRandom random, double failing = 0, double cut = 0)
    {
        foreach (var task in planner.Fork())
        {
            planner.Record(Result(task, random, failing, cut));
        }

        planner.Close(random.NextDouble());
    }

    private static ExplorationResult Result(ExplorationTask task, SeededRandom random, double failing, double cut)
    {
        if (random.NextChance(failing))
        {
            return new ExplorationResult(task.Index, 0, 0, [], "the silo went away");
        }

        var evaluations = random.NextChance(cut) ? random.NextInt((int)task.Evaluations + 1) : task.Evaluations;
        return new ExplorationResult(task.Index, evaluations, 0, evaluations == 0 ? [] : [new Elite([random.NextDouble()], random.NextGaussian(), random.NextInt(2))], null);
    }
}

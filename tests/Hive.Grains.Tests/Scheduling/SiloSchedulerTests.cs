using FsCheck;
using FsCheck.Fluent;
using Hive.Scheduling;
using Hive.Silos;

namespace Hive.Grains.Tests.Scheduling;

public sealed class SiloSchedulerTests
{
    [Fact]
    public void Every_silo_is_within_a_few_tasks_of_its_share_at_any_moment() => Prop.ForAll(
        Gen.Choose(1, 40).NonEmptyListOf().Where(speeds => speeds.Count <= 8).ToArbitrary(),
        speeds =>
        {
            var lane = new TierLane();
            lane.Observe(speeds.Select((_, i) => Silo($"s{i}", cores: 1_000)));
            var silos = lane.Silos.ToArray();
            foreach (var (silo, i) in silos.Select((silo, i) => (silo, i)))
            {
                // All at once, so that what is measured are the speeds and nothing of the order.
                lane.Measure(silo, speeds[i], 1, 1e-6);
            }

            const int Tasks = 400;
            lane.Offer(Enumerable.Range(0, Tasks).Select(i => Task(i)).ToArray(), _ => null, 0);
            var counts = new int[silos.Length];
            for (var given = 1; given <= Tasks; given++)
            {
                counts[Array.IndexOf(silos, lane.Next(0)!.Silo)]++;
                for (var i = 0; i < silos.Length; i++)
                {
                    var share = given * (double)speeds[i] / speeds.Sum();
                    if (Math.Abs(counts[i] - share) > 1 + (silos.Length / 2.0))
                    {
                        return false;
                    }
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Faster_silos_get_proportionally_more_once_they_have_shown_it() => Prop.ForAll(
        Gen.Choose(1, 10).Two().ToArbitrary(),
        speeds =>
        {
            var grid = new Simulation(new() { ["a"] = speeds.Item1, ["b"] = speeds.Item2 }, cores: 2);
            grid.Run(2_000);
            var share = grid.Finished["a"] / 2_000.0;
            return Math.Abs(share - ((double)speeds.Item1 / (speeds.Item1 + speeds.Item2))) < 0.05;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_silo_starves_and_none_gets_more_than_it_has_places() => Prop.ForAll(
        Gen.Choose(1, 100).ListOf(6).ToArbitrary(),
        speeds =>
        {
            var grid = new Simulation(speeds.Select((speed, i) => ($"s{i}", (double)speed)).ToDictionary(), cores: 2);
            grid.Run(3_000);
            return grid.Finished.Values.All(finished => finished > 0) && !grid.WasOverfull;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_same_events_give_the_same_decisions() => Prop.ForAll(
        Gen.Choose(1, 100).ListOf(5).ToArbitrary(),
        speeds =>
        {
            string Decisions()
            {
                var grid = new Simulation(speeds.Select((speed, i) => ($"s{i}", (double)speed)).ToDictionary(), cores: 3);
                grid.Run(500);
                return string.Join(' ', grid.Decisions);
            }

            return Decisions() == Decisions();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_silo_that_stalls_gets_less_at_once()
    {
        var scheduler = new SiloScheduler();
        scheduler.Observe([Silo("a", 4), Silo("b", 4)], 0);
        Round(scheduler, remembers: false);

        // Both hold two tasks; then b finishes its own and a does not.
        scheduler.Offer([.. Enumerable.Range(0, 4).Select(i => Task(i))], 10);
        var first = TakeAll(scheduler, 10);
        Assert.Equal(2, first.Count(assignment => assignment.Silo.Name == "a"));
        foreach (var assignment in first.Where(assignment => assignment.Silo.Name == "b"))
        {
            scheduler.Finish(assignment, 1, 1, 11);
        }

        scheduler.Offer([.. Enumerable.Range(4, 6).Select(i => Task(i))], 100);
        var then = TakeAll(scheduler, 100);
        Assert.True(then.Count(assignment => assignment.Silo.Name == "a") <= 1, "a silo that has not moved for 90 s got its whole share");
    }

    [Fact]
    public void An_agent_that_remembers_goes_back_to_its_silo_and_shares_stay_as_they_are()
    {
        var scheduler = new SiloScheduler();
        scheduler.Observe([Silo("a", 8), Silo("b", 8)], 0);
        var homes = Round(scheduler, remembers: false);
        Assert.Equal(8, homes.Count(home => home.Value == "a"));
        for (var round = 0; round < 5; round++)
        {
            Assert.Equal(homes, Round(scheduler, remembers: true));
        }
    }

    [Fact]
    public void Agents_move_where_their_silo_turned_out_slow()
    {
        var grid = new Simulation(new() { ["slow"] = 1, ["fast"] = 9 }, cores: 2);
        grid.Run(40);
        grid.Run(40, remembers: true);
        var before = grid.Finished["slow"];
        grid.Run(400, remembers: true, agents: 40);
        Assert.InRange(grid.Finished["slow"] - before, 1, 100);
    }

    [Fact]
    public void What_a_silo_that_is_gone_had_under_way_is_told_and_what_waited_for_it_goes_elsewhere()
    {
        var scheduler = new SiloScheduler();
        scheduler.Observe([Silo("a", 1), Silo("b", 1)], 0);
        Round(scheduler, remembers: false);
        scheduler.Offer([.. Enumerable.Range(0, 16).Select(i => Task(i, remembers: true))], 1);
        var given = TakeAll(scheduler, 1);
        var orphans = scheduler.Observe([Silo("b", 1)], 2);
        Assert.Equal(given.Where(assignment => assignment.Silo.Name == "a"), orphans);
        foreach (var assignment in given.Where(assignment => assignment.Silo.Name == "b"))
        {
            scheduler.Finish(assignment, 1, 1, 3);
        }

        var left = 16 - given.Count;
        for (var now = 4.0; left > 0; now++)
        {
            foreach (var assignment in TakeAll(scheduler, now))
            {
                Assert.Equal("b", assignment.Silo.Name);
                scheduler.Finish(assignment, 1, 1, now);
                left--;
            }
        }
    }

    [Fact]
    public void A_silo_that_says_it_runs_nothing_has_lost_what_it_was_given()
    {
        var scheduler = new SiloScheduler();
        scheduler.Observe([Silo("a", 1) with { Sequence = 5, RunningAgents = 0 }], 0);
        scheduler.Offer([Task(0)], 0);
        var assignment = scheduler.Next(0)!;
        Assert.Empty(scheduler.Observe([Silo("a", 1) with { Sequence = 7, RunningAgents = 0 }], 2));
        Assert.Empty(scheduler.Observe([Silo("a", 1) with { Sequence = 8, RunningAgents = 1 }], 3));
        Assert.Equal([assignment], scheduler.Observe([Silo("a", 1) with { Sequence = 9, RunningAgents = 0 }], 4));
    }

    [Fact]
    public void A_silo_whose_calls_fail_gets_nothing_for_a_moment_and_then_is_tried_again()
    {
        var scheduler = new SiloScheduler();
        scheduler.Observe([Silo("a", 1)], 0);
        scheduler.Offer([Task(0), Task(1)], 0);
        scheduler.Lose(scheduler.Next(0)!, 0);
        Assert.Null(scheduler.Next(0.1));
        scheduler.Observe([Silo("a", 1)], 1);
        Assert.NotNull(scheduler.Next(1));
    }

    [Fact]
    public void Tasks_go_to_silos_of_their_tier_alone_and_wait_where_there_is_none()
    {
        var scheduler = new SiloScheduler();
        scheduler.Observe([Silo("e", 8, Tiers.Edge), Silo("w", 8)], 0);
        scheduler.Offer([.. Tiers.All.Select((tier, i) => Task(i) with { Tier = tier })], 0);
        Assert.Equal(["e", "w"], TakeAll(scheduler, 0).Select(assignment => assignment.Silo.Name));
        Assert.Equal([Tiers.Core], scheduler.Missing);
        scheduler.Observe([Silo("e", 8, Tiers.Edge), Silo("w", 8), Silo("c", 1, Tiers.Core)], 1);
        Assert.Empty(scheduler.Missing);
        Assert.Equal("c", scheduler.Next(1)!.Silo.Name);
    }

    [Fact]
    public void Tasks_of_no_tier_go_to_the_cheapest_that_is_here()
    {
        var scheduler = new SiloScheduler();
        scheduler.Observe([], 0);
        scheduler.Offer([Task(0)], 0);
        Assert.Null(scheduler.Next(0));
        Assert.Equal([""], scheduler.Missing);
        scheduler.Observe([Silo("c", 1, Tiers.Core), Silo("w", 1)], 1);
        Assert.Equal("w", scheduler.Next(1)!.Silo.Name);
    }

    [Fact]
    public void Tasks_of_no_tier_move_on_when_the_last_silo_of_theirs_is_gone()
    {
        var scheduler = new SiloScheduler();
        scheduler.Observe([Silo("e", 1, Tiers.Edge)], 0);
        scheduler.Offer([.. Enumerable.Range(0, 5).Select(i => Task(i))], 0);
        var given = TakeAll(scheduler, 0);
        Assert.Equal(given, scheduler.Observe([Silo("w", 8)], 1));
        scheduler.OfferAgain(given[0], 1);
        Assert.Equal(4, TakeAll(scheduler, 1).Count(assignment => assignment.Silo.Name == "w"));
    }

    [Fact]
    public void What_was_lost_comes_before_what_has_not_begun()
    {
        var scheduler = new SiloScheduler();
        scheduler.Observe([Silo("a", 1), Silo("b", 1)], 0);
        scheduler.Offer([.. Enumerable.Range(0, 100).Select(i => Task(i))], 0);
        var given = TakeAll(scheduler, 0);
        var lost = Assert.Single(scheduler.Observe([Silo("b", 1)], 1), assignment => assignment == given.First(first => first.Silo.Name == "a"));
        scheduler.OfferAgain(lost, 1);
        scheduler.Finish(given.First(assignment => assignment.Silo.Name == "b"), 1, 1, 2);
        Assert.Equal(lost.Task, scheduler.Next(2)!.Task);
    }

    private static Dictionary<int, string> Round(SiloScheduler scheduler, bool remembers)
    {
        var homes = new Dictionary<int, string>();
        scheduler.Offer([.. Enumerable.Range(0, 16).Select(i => Task(i, remembers))], 0);
        while (TakeAll(scheduler, 0) is { Count: > 0 } given)
        {
            foreach (var assignment in given)
            {
                homes[assignment.Task.Agent] = assignment.Silo.Name;
                scheduler.Finish(assignment, 1, 1, 1);
            }
        }

        return homes;
    }

    private static List<Assignment> TakeAll(SiloScheduler scheduler, double now)
    {
        var all = new List<Assignment>();
        while (scheduler.Next(now) is { } assignment)
        {
            all.Add(assignment);
        }

        return all;
    }

    internal static ScheduledTask Task(int i, bool remembers = false) => new(i, null, i, remembers, 1);

    internal static SiloAnnouncement Silo(string name, int cores, string tier = Tiers.Worker) => new(name, tier, cores, 60);
}

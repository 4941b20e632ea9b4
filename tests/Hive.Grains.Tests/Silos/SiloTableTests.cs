using FsCheck;
using FsCheck.Fluent;
using Hive.Silos;

namespace Hive.Grains.Tests.Silos;

public sealed class SiloTableTests
{
    private readonly ManualTime _time = new();
    private readonly SiloTable _table;

    public SiloTableTests() => _table = new SiloTable(_time, mostSilos: 1_000);

    [Fact]
    public void A_silo_is_here_for_as_long_as_it_said_and_then_gone_by_itself()
    {
        _table.Announce(Silo("a", seconds: 3));
        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Equal(["a"], Names());
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Empty(Names());
    }

    [Fact]
    public void The_later_expiry_wins_whatever_the_order_of_arrival() => Prop.ForAll(
        Gen.Choose(1, 100).Select(tenths => tenths / 10.0).NonEmptyListOf().ToArbitrary(),
        lives =>
        {
            var time = new ManualTime();
            var table = new SiloTable(time, 10);
            foreach (var life in lives)
            {
                table.Announce(Silo("a", life));
            }

            time.Advance(TimeSpan.FromSeconds(lives.Max() - 0.01));
            var here = table.List().Length;
            time.Advance(TimeSpan.FromSeconds(0.02));
            return here == 1 && table.List().Length == 0;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_announcement_that_was_overtaken_does_not_replace_a_newer_one()
    {
        _table.Announce(Silo("a", 5) with { Sequence = 2, FreePlaces = 7 });
        _table.Announce(Silo("a", 5) with { Sequence = 1, FreePlaces = 3 });
        Assert.Equal(7, Assert.Single(_table.List()).FreePlaces);
    }

    [Fact]
    public void A_clock_on_the_wall_that_jumps_by_a_minute_changes_nothing()
    {
        _table.Announce(Silo("a", seconds: 3));
        _time.Set(TimeSpan.FromMinutes(1));
        Assert.Equal(["a"], Names());
        _time.Set(TimeSpan.FromMinutes(-2));
        _time.Advance(TimeSpan.FromSeconds(3.1));
        Assert.Empty(Names());
    }

    [Fact]
    public void A_second_silo_of_a_name_is_refused_while_the_first_is_alive_and_told_how_to_mend_it()
    {
        _table.Announce(Silo("a", 3, "one"));
        _time.Advance(TimeSpan.FromSeconds(1));
        var refused = Assert.Throws<SiloRefusedException>(() => _table.Announce(Silo("a", 3, "two")));
        Assert.Contains("--name", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, refused.SecondsToWait, 3);
        Assert.Equal("one", Assert.Single(_table.List()).Incarnation);

        _time.Advance(TimeSpan.FromSeconds(2.1));
        _table.Announce(Silo("a", 3, "two"));
        Assert.Equal("two", Assert.Single(_table.List()).Incarnation);
    }

    [Fact]
    public void A_silo_that_leaves_takes_only_its_own_life_out()
    {
        _table.Announce(Silo("a", 3, "two"));
        _table.Leave("a", "one");
        Assert.Equal(["a"], Names());
        _table.Leave("a", "two");
        Assert.Empty(Names());
        _table.Leave("nobody", "one");
    }

    [Fact]
    public void The_more_silos_there_are_the_less_often_each_is_asked_to_announce_itself()
    {
        var few = _table.Announce(Silo("first", 60));
        Assert.Equal((1, 2.5), (few.EverySeconds, few.SecondsToLive));
        for (var i = 0; i < 999; i++)
        {
            _table.Announce(Silo($"silo-{i}", 60));
        }

        Assert.Equal(5, _table.Announce(Silo("first", 60)).EverySeconds);
        Assert.Contains("as many as it takes", Assert.Throws<SiloRefusedException>(() => _table.Announce(Silo("one-more", 60))).Message, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(61));
        _table.Announce(Silo("one-more", 60));
    }

    [Fact]
    public void Silos_are_found_by_what_they_can_do()
    {
        _table.Announce(Silo("small", 60) with { Tier = Tiers.Edge });
        _table.Announce(Silo("large", 60) with { Cores = 32, MemoryMiB = 64_000, Skills = ["sum"] });
        _table.Announce(Silo("gpu", 60) with { Tier = Tiers.Core, Gpus = [new Gpu("H200", 143_771, "550.1")], Models = ["qwen"] });
        Assert.Equal(["small"], Found(new SiloQuery { Tier = Tiers.Edge }));
        Assert.Equal(["large"], Found(new SiloQuery { MinCores = 8 }));
        Assert.Equal(["large"], Found(new SiloQuery { MinMemoryMiB = 1 }));
        Assert.Equal(["gpu"], Found(new SiloQuery { Gpu = true }));
        Assert.Equal(["gpu"], Found(new SiloQuery { MinGpuMemoryMiB = 80_000 }));
        Assert.Empty(Found(new SiloQuery { MinGpuMemoryMiB = 200_000 }));
        Assert.Equal(["gpu"], Found(new SiloQuery { Model = "qwen" }));
        Assert.Equal(["large"], Found(new SiloQuery { Skill = "sum" }));
        Assert.Equal(["gpu", "large", "small"], Found(new SiloQuery()));
    }

    private static SiloAnnouncement Silo(string name, double seconds, string incarnation = "one") => new(name, Tiers.Worker, 2, seconds) { Incarnation = incarnation };

    private string[] Names() => [.. _table.List().Select(silo => silo.Name)];

    private string[] Found(SiloQuery query) => [.. _table.List().Where(query.Matches).Select(silo => silo.Name)];
}

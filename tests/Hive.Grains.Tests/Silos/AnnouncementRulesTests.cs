using System.Collections.Immutable;
using Hive.Silos;

namespace Hive.Grains.Tests.Silos;

public sealed class AnnouncementRulesTests
{
    private static readonly SiloAnnouncement Good = new("a", Tiers.Worker, 2, 3);

    public static TheoryData<SiloAnnouncement, string> Refused { get; } = new()
    {
        { Good with { Name = "" }, "--name" },
        { Good with { Name = null! }, "--name" },
        { Good with { Name = new string('x', 101) }, "--name" },
        { Good with { Name = "a@b" }, "--name" },
        { Good with { Name = "a\nb" }, "--name" },
        { Good with { Tier = "huge" }, "--tier" },
        { Good with { Tier = null! }, "no tier" },
        { Good with { Cores = 0 }, "--cores" },
        { Good with { Cores = int.MaxValue }, "--cores" },
        { Good with { SecondsToLive = double.NaN }, "above 0" },
        { Good with { SecondsToLive = -1 }, "above 0" },
        { Good with { Incarnation = null! }, "its life" },
        { Good with { Protocol = 2 }, "same version" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_names_no_silo_is_refused_with_the_reason(SiloAnnouncement said, string reason) =>
        Assert.Contains(reason, Assert.Throws<SiloRefusedException>(() => AnnouncementRules.Checked(said)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_describes_a_silo_absurdly_is_brought_within_bounds()
    {
        var taken = AnnouncementRules.Checked(Good with
        {
            SecondsToLive = double.PositiveInfinity,
            MemoryMiB = long.MinValue,
            CoreSpeed = double.NaN,
            RunningAgents = -5,
            FreePlaces = int.MinValue,
            Gpus = [.. Enumerable.Repeat(new Gpu(new string('g', 100_000), long.MaxValue, "1"), 1_000), null!],
            Models = default,
            Skills = ImmutableArray.CreateRange(Enumerable.Range(0, 100_000).Select(i => i % 2 == 0 ? new string('s', 1_000) : "short")),
            Bandwidth = (Bandwidth)99,
        });
        Assert.Equal((AnnouncementRules.LongestLife, 0, 0, 0, 0), (taken.SecondsToLive, taken.MemoryMiB, taken.CoreSpeed, taken.RunningAgents, taken.FreePlaces));
        Assert.Equal((AnnouncementRules.MaxGpus, AnnouncementRules.MaxText), (taken.Gpus.Length, taken.Gpus[0].Name.Length));
        Assert.Empty(taken.Models);
        Assert.All(taken.Skills, skill => Assert.Equal("short", skill));
        Assert.InRange(taken.Skills.Length, 1, AnnouncementRules.MaxSkills);
        Assert.Equal(Bandwidth.Unknown, taken.Bandwidth);
    }

    [Fact]
    public void An_honest_announcement_is_taken_as_it_is() => Assert.Same(Good, AnnouncementRules.Checked(Good));
}

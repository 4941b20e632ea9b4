using FsCheck;
using FsCheck.Fluent;
using Hive.Leaderboards;
using Hive.Randomness;

namespace Hive.Research.Tests.Leaderboards;

public sealed class HybridClockTests
{
    [Fact]
    public void What_was_caused_is_later_than_its_cause_however_the_machines_clocks_jump() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var times = new[] { new SetClock(), new SetClock() };
        var clocks = times.Select(time => new HybridClock(time)).ToArray();
        var last = new HybridTimestamp[2];
        for (var i = 0; i < 50; i++)
        {
            var who = random.NextInt(2);
            times[who].Milliseconds += random.NextInt(2_001) - 1_000;
            var isHeard = random.NextInt(2) == 0 && clocks[who].TryObserve(last[1 - who]);
            var next = clocks[who].Next();
            if (next <= last[who] || (isHeard && next <= last[1 - who])) return false;
            last[who] = next;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_instant_too_far_ahead_does_not_push_the_clock_away()
    {
        var time = new SetClock();
        var clock = new HybridClock(time);
        Assert.False(clock.TryObserve(HybridTimestamp.Of(time.Milliseconds + 60_000, 0)));
        Assert.False(clock.TryObserve(new HybridTimestamp(ulong.MaxValue)));
        Assert.Equal(time.Milliseconds, clock.Next().Milliseconds);
        Assert.True(clock.TryObserve(HybridTimestamp.Of(time.Milliseconds + 10_000, 0)));
        Assert.Equal(time.Milliseconds + 10_000, clock.Next().Milliseconds);
    }

    [Fact]
    public void It_never_stands_still_nor_goes_back_when_the_machines_clock_does()
    {
        var time = new SetClock();
        var clock = new HybridClock(time);
        var last = clock.Next();
        for (var i = 0; i < 70_000; i++)
        {
            if (i == 100) time.Milliseconds -= 3_600_000;
            var next = clock.Next();
            Assert.True(next > last);
            last = next;
        }
    }

    private sealed class SetClock : TimeProvider
    {
        public long Milliseconds { get; set; } = 1_800_000_000_000;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds);
    }
}

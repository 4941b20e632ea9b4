using FsCheck;
using FsCheck.Fluent;
using Hive.Brains.Calls;

namespace Hive.Brains.Tests.Calls;

/// <summary>The breaker against a plain model of what it promises, over arbitrary histories.</summary>
public sealed class CircuitBreakerProperties
{
    private const int Threshold = 3;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(8);

    [Fact]
    public void A_history_of_calls_one_after_the_other_is_let_through_and_refused_as_promised() => Prop.ForAll(Histories, history =>
    {
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(Threshold, First, Longest, clock);
        var (failures, pause, left) = (0, First, TimeSpan.Zero);
        foreach (var (deed, seconds) in history)
        {
            if (deed == Deed.Wait)
            {
                clock.Advance(TimeSpan.FromSeconds(seconds));
                left -= TimeSpan.FromSeconds(seconds);
                continue;
            }

            var isOpen = failures >= Threshold;
            if (breaker.TryEnter(out var isProbe, out var remaining) != (!isOpen || left <= TimeSpan.Zero) || isProbe != (isOpen && left <= TimeSpan.Zero))
            {
                return false;
            }

            if (isOpen && left > TimeSpan.Zero)
            {
                if (remaining != left) return false;
                continue;
            }

            switch (deed)
            {
                case Deed.Succeed:
                    breaker.Succeed();
                    (failures, pause) = (0, First);
                    break;
                case Deed.Fail:
                    pause = isOpen ? TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, Longest.Ticks)) : pause;
                    failures++;
                    left = failures >= Threshold ? pause : left;
                    if (breaker.Fail(isProbe) != failures >= Threshold) return false;
                    break;
                default:
                    breaker.Abandon(isProbe);
                    break;
            }

            if (breaker.IsOpen != failures >= Threshold) return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_many_calls_at_once_one_alone_looks_whether_the_server_recovered() => Prop.ForAll(Gen.Choose(1, 50).ToArbitrary(), calls =>
    {
        var (clock, breaker) = Open();
        clock.Advance(First);
        return Enumerable.Range(0, calls).Count(_ => breaker.TryEnter(out var isProbe, out TimeSpan _) && isProbe) == 1;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Calls_that_were_on_their_way_when_it_opened_change_nothing_by_failing_and_close_it_by_succeeding()
    {
        var (clock, breaker) = Open();
        Assert.False(breaker.Fail(isProbe: false));
        clock.Advance(First);
        Assert.True(breaker.TryEnter(out var isProbe, out TimeSpan _));
        Assert.True(isProbe);
        Assert.False(breaker.Fail(isProbe: false));
        Assert.False(breaker.TryEnter(out _, out TimeSpan _));
        breaker.Succeed();
        Assert.False(breaker.IsOpen);
    }

    private static Arbitrary<(Deed Deed, int Seconds)[]> Histories =>
        Gen.Choose(0, 9).SelectMany(deed => Gen.Choose(1, 5).Select(seconds => (deed switch { < 5 => Deed.Fail, < 6 => Deed.Succeed, < 7 => Deed.Abandon, _ => Deed.Wait }, seconds)))
            .ArrayOf().ToArbitrary();

    private static (ManualClock Clock, CircuitBreaker Breaker) Open()
    {
        var clock = new ManualClock();
        var breaker = new CircuitBreaker(Threshold, First, Longest, clock);
        for (var i = 0; i < Threshold; i++)
        {
            breaker.TryEnter(out _, out TimeSpan _);
            breaker.Fail(isProbe: false);
        }

        return (clock, breaker);
    }

    private enum Deed
    {
        Fail,
        Succeed,
        Abandon,
        Wait,
    }
}

using Hive.Gossip;

namespace Hive.Research.Tests.Gossip;

public sealed class MemoryEventBusTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    [Fact]
    public void An_event_reaches_a_thousand_subscribers()
    {
        var bus = new MemoryEventBus();
        using var heard = new CountdownEvent(1_000);
        for (var i = 0; i < 1_000; i++) bus.Subscribe("finding.ml", payload => heard.Signal(payload.Span[0]));
        Assert.True(bus.Publish("finding.ml", [1]));
        Assert.True(heard.Wait(Longest));
    }

    [Fact]
    public void A_subscriber_hears_in_order_and_one_at_a_time_what_one_sender_says()
    {
        var bus = new MemoryEventBus();
        var (heard, inside, overlaps) = (new List<byte>(), 0, 0);
        using var all = new CountdownEvent(200);
        bus.Subscribe("a", payload =>
        {
            if (Interlocked.Increment(ref inside) > 1) overlaps++;
            heard.Add(payload.Span[0]);
            Interlocked.Decrement(ref inside);
            all.Signal();
        });
        for (var i = 0; i < 200; i++) bus.Publish("a", [(byte)i]);
        Assert.True(all.Wait(Longest));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (byte)i), heard);
        Assert.Equal(0, overlaps);
    }

    [Fact]
    public void A_slow_subscriber_loses_its_own_events_which_are_counted_and_holds_up_nobody()
    {
        var bus = new MemoryEventBus(queue: 2);
        using var isBusy = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim();
        using var heard = new SemaphoreSlim(0);
        bus.Subscribe("a", _ =>
        {
            isBusy.Set();
            mayGoOn.Wait();
        });
        bus.Publish("a", []);
        Assert.True(isBusy.Wait(Longest));
        bus.Subscribe("a", _ => heard.Release());
        for (var i = 0; i < 5; i++)
        {
            bus.Publish("a", []);
            Assert.True(heard.Wait(Longest));
        }

        Assert.Equal(3, bus.Dropped);
        mayGoOn.Set();
    }

    [Fact]
    public void A_subscriber_that_throws_hears_the_next_event_all_the_same()
    {
        var bus = new MemoryEventBus();
        using var heard = new CountdownEvent(2);
        bus.Subscribe("a", _ =>
        {
            heard.Signal();
            throw new InvalidOperationException("on purpose");
        });
        bus.Publish("a", []);
        bus.Publish("a", []);
        Assert.True(heard.Wait(Longest));
    }

    [Fact]
    public void The_sender_may_change_what_it_sent_at_once()
    {
        var bus = new MemoryEventBus();
        using var heard = new SemaphoreSlim(0);
        byte seen = 0;
        bus.Subscribe("a", payload =>
        {
            seen = payload.Span[0];
            heard.Release();
        });
        byte[] payload = [7];
        bus.Publish("a", payload);
        payload[0] = 8;
        Assert.True(heard.Wait(Longest));
        Assert.Equal(7, seen);
    }

    [Fact]
    public void Who_has_left_hears_nothing_more_and_other_topics_are_not_heard()
    {
        var bus = new MemoryEventBus();
        using var heard = new SemaphoreSlim(0);
        bus.Subscribe("a", _ => Assert.Fail("it has left")).Dispose();
        bus.Subscribe("b", _ => Assert.Fail("another topic"));
        bus.Subscribe("a", _ => heard.Release());
        bus.Publish("a", []);
        Assert.True(heard.Wait(Longest));
        Assert.Equal(0, bus.Faults);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a b")]
    [InlineData("a.*")]
    [InlineData("a.>")]
    public void What_is_no_topic_is_refused(string topic)
    {
        Assert.Throws<ArgumentException>(() => new MemoryEventBus().Publish(topic, []));
        Assert.Throws<ArgumentException>(() => new MemoryEventBus().Subscribe(topic, _ => { }));
    }

    [Fact]
    public void An_event_that_is_too_large_is_refused()
    {
        Assert.True(new MemoryEventBus().Publish("a", new byte[IEventBus.MaxEventBytes]));
        Assert.Contains("65,536", Assert.Throws<ArgumentException>(() => new MemoryEventBus().Publish("a", new byte[IEventBus.MaxEventBytes + 1])).Message);
    }
}

using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hive.Nats.Internal;

namespace Hive.Nats.Tests;

public sealed class OutgoingBufferTests
{
    private const int Bound = 2000;

    [Fact]
    public void Whole_commands_leave_in_the_order_of_each_producer_whether_writes_complete_at_once_or_later()
    {
        var cases = from producers in Gen.Choose(1, 4)
                    from count in Gen.Choose(0, 200)
                    from late in Gen.Choose(0, 3)
                    select (producers, count, late);
        Prop.ForAll(cases.ToArbitrary(), async one => await CheckAsync(one.producers, one.count, one.late)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_waits_goes_after_the_subscriptions_of_a_new_server_and_what_was_lost_stays_lost()
    {
        var outgoing = new OutgoingBuffer(Bound);
        using var first = new SlowStream(late: 1);
        using var second = new SlowStream(late: 0);
        outgoing.Attach(new OutgoingWriter(outgoing, first, TimeProvider.System, _ => { }), default);
        Append(outgoing, "lost");
        outgoing.Detach();
        var command = new PublishCommand("refused"u8, default, default, default, default);
        Assert.Equal(Admission.Disconnected, outgoing.TryAppend(ref command));
        Append(outgoing, "kept");
        outgoing.Attach(new OutgoingWriter(outgoing, second, TimeProvider.System, _ => { }), "SUB a 1\r\n"u8);

        Assert.Equal("SUB a 1\r\nPUB kept 0\r\n\r\n", second.Text);
        outgoing.Close();
        Assert.Equal(Admission.Closed, outgoing.TryAppend(ref command));
    }

    [Fact]
    public void Only_what_keeps_a_connection_alive_goes_beyond_the_bound_and_that_is_bounded_too()
    {
        var outgoing = new OutgoingBuffer(Bound);
        using var stuck = new SlowStream(late: int.MaxValue);
        outgoing.Attach(new OutgoingWriter(outgoing, stuck, TimeProvider.System, _ => { }), default);
        var command = new PublishCommand("a"u8, default, default, new byte[100], default);
        var accepted = 0;
        while (outgoing.TryAppend(ref command) == Admission.Accepted)
        {
            accepted++;
        }

        Assert.InRange(accepted * command.Size, Bound - command.Size, Bound);
        var pings = 0;
        var ping = new PingCommand();
        while (outgoing.TryAppend(ref ping, control: true) == Admission.Accepted)
        {
            pings++;
        }

        Assert.InRange(pings, 1, 1000);
    }

    private static void Append(OutgoingBuffer outgoing, string subject)
    {
        var command = new PublishCommand(Encoding.ASCII.GetBytes(subject), default, default, default, default);
        Assert.Equal(Admission.Accepted, outgoing.TryAppend(ref command, mayWait: true));
    }

    private static async Task CheckAsync(int producers, int count, int late)
    {
        var outgoing = new OutgoingBuffer(Bound);
        await using var stream = new SlowStream(late);
        outgoing.Attach(new OutgoingWriter(outgoing, stream, TimeProvider.System, e => Assert.Fail(e.ToString())), default);
        await Task.WhenAll(Enumerable.Range(0, producers).Select(producer => Task.Run(async () =>
        {
            for (var i = 0; i < count; i++)
            {
                while (!TryAppend(outgoing, producer, i, out var size))
                {
                    await outgoing.WaitForRoomAsync(size, CancellationToken.None);
                }
            }
        })));

        // Room for as much as the whole bound is there only when all has been written.
        while (outgoing.WaitForRoomAsync(Bound, CancellationToken.None) is { IsCompleted: false } written)
        {
            await written;
        }

        var next = new int[producers];
        foreach (var line in stream.Text.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            Assert.Equal("PUB", parts[0]);
            Assert.Equal(next[int.Parse(parts[1])]++, int.Parse(parts[2]));
        }

        Assert.All(next, sent => Assert.Equal(count, sent));
    }

    private static bool TryAppend(OutgoingBuffer outgoing, int producer, int number, out int size)
    {
        var command = new PublishCommand(Encoding.ASCII.GetBytes($"{producer}"), Encoding.ASCII.GetBytes($"{number}"), default, default, default);
        size = command.Size;
        return outgoing.TryAppend(ref command) == Admission.Accepted;
    }

    /// <summary>Collects what is written; every so many writes complete only later.</summary>
    private sealed class SlowStream(int late) : MemoryStream
    {
        private int _writes;

        public string Text => Encoding.ASCII.GetString(ToArray());

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (late == int.MaxValue)
            {
                await new TaskCompletionSource().Task;
            }

            if (late > 0 && ++_writes % late == 0)
            {
                await Task.Yield();
            }

            Write(buffer.Span);
        }
    }
}

using System.Buffers;
using System.Text;
using Hive.Testing;

namespace Hive.Nats.Tests;

public sealed class MessagingTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private NatsServer _server = null!;

    private NatsConnection _nats = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await NatsServer.StartAsync();
        _nats = await ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _nats.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_message_arrives_as_it_was_published()
    {
        var subscription = await _nats.SubscribeAsync("greeting.*");
        await _nats.PublishAsync("greeting.world", "hello"u8.ToArray(), "answers.here", NatsHeaders.Create(("Language", "en"), ("Mood", "fine")));

        var message = await subscription.Messages.ReadAsync();

        Assert.Equal("greeting.world", message.Subject);
        Assert.Equal("answers.here", message.ReplyTo);
        Assert.Equal("hello", Text(message));
        Assert.True(message.Headers.TryGet("Mood"u8, out var mood));
        Assert.Equal("fine"u8, mood);
        Assert.False(message.Headers.TryGet("mood"u8, out _));
    }

    [Fact]
    public async Task A_payload_may_come_in_parts_or_be_written_in_place()
    {
        var subscription = await _nats.SubscribeAsync("parts");
        Assert.True(_nats.TryPublish("parts", "head+"u8, "body"u8));
        Assert.True(_nats.TryPublish("parts", "answers", 7, (count, writer) => writer.Write(Encoding.UTF8.GetBytes(new string('x', count)))));
        Assert.True(_nats.TryPublish("parts", default, 0, (_, _) => { }));

        Assert.Equal("head+body", Text(await subscription.Messages.ReadAsync()));
        var second = await subscription.Messages.ReadAsync();
        Assert.Equal("xxxxxxx", Text(second));
        Assert.Equal("answers", second.ReplyTo);
        Assert.Equal(0, (await subscription.Messages.ReadAsync()).Payload.Length);
    }

    [Fact]
    public async Task A_payload_that_cannot_be_written_leaves_nothing_behind()
    {
        var subscription = await _nats.SubscribeAsync("composed");
        Assert.Throws<FormatException>(() => _nats.TryPublish<int>("composed", default, 0, (_, writer) =>
        {
            writer.Write("half a pay"u8);
            throw new FormatException();
        }));
        Assert.Throws<InvalidOperationException>(() => _nats.TryPublish("composed", default, _nats, (nats, _) => nats.TryPublish("composed", "nested"u8)));
        Assert.Equal(NatsErrorKind.PayloadTooLarge, Assert.Throws<NatsException>(() =>
            _nats.TryPublish("composed", default, _nats.MaxPayload + 1, (size, writer) => writer.Write(new byte[size]))).Kind);
        await _nats.PublishAsync("composed", "whole"u8.ToArray());

        Assert.Equal("whole", Text(await subscription.Messages.ReadAsync()));
    }

    [Fact]
    public async Task A_request_is_answered_over_the_shared_inbox()
    {
        await using var responder = await ConnectAsync();
        await responder.SubscribeAsync("double", (in NatsMessageView request) => responder.TryRespond(request, [(byte)(request.Payload.Span[0] * 2)]));
        await responder.FlushAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => _nats.RequestAsync("double", new[] { (byte)i }, Patience).AsTask()));

        Assert.Equal(Enumerable.Range(0, 100).Select(i => (byte)(i * 2)), replies.Select(reply => reply.Payload.Span[0]));
    }

    [Fact]
    public async Task A_request_that_nobody_listens_to_fails_at_once()
    {
        var e = await Assert.ThrowsAsync<NoRespondersException>(async () => await _nats.RequestAsync("nobody.home", default, TimeSpan.FromDays(1)));

        Assert.Equal("nobody.home", e.Subject);
    }

    [Fact]
    public async Task One_hundred_thousand_messages_arrive_in_order()
    {
        const int Count = 100_000;
        var next = 0;
        var inOrder = true;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await ConnectAsync();
        await receiver.SubscribeAsync("sequence", (in NatsMessageView message) =>
        {
            inOrder &= BitConverter.ToInt32(message.Payload.Span) == next;
            if (++next == Count)
            {
                all.SetResult();
            }
        });
        await receiver.FlushAsync();
        NatsSubject subject = "sequence";
        for (var i = 0; i < Count; i++)
        {
            await _nats.PublishAsync(subject, BitConverter.GetBytes(i));
        }

        await all.Task.WaitAsync(Patience);
        Assert.True(inOrder);
    }

    [Fact]
    public void Publishing_to_an_encoded_subject_allocates_nothing()
    {
        NatsSubject subject = "nobody.listens";
        var payload = new byte[100];
        var least = long.MaxValue;
        for (var round = 0; round < 20; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                _nats.TryPublish(subject, payload);
                _nats.TryPublish(subject, payload, payload, subject);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static string Text(NatsMessage message) => Encoding.UTF8.GetString(message.Payload.Span);

    private Task<NatsConnection> ConnectAsync() => NatsConnection.ConnectAsync(new NatsOptions { Servers = [_server.Location] });
}

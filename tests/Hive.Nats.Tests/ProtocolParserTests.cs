using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hive.Nats.Internal;

namespace Hive.Nats.Tests;

public sealed class ProtocolParserTests
{
    private const int MaxPayload = 2000;

    [Fact]
    public void However_the_stream_is_cut_it_reads_the_same()
    {
        Prop.ForAll(Streams().ToArbitrary(), stream => ReadInPieces(stream.Bytes, stream.Cuts).SequenceEqual(stream.Commands)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Random_bytes_are_read_or_refused_and_nothing_else()
    {
        Prop.ForAll(Noise().ToArbitrary(), bytes =>
        {
            try
            {
                ReadInPieces(bytes, []);
            }
            catch (ProtocolException)
            {
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_stream_with_a_byte_changed_is_read_or_refused_and_nothing_else()
    {
        var changed = from stream in Streams()
                      from at in Gen.Choose(0, Math.Max(0, stream.Bytes.Length - 1))
                      from value in Gen.Choose(0, 255)
                      select (byte[])[.. stream.Bytes[..at], (byte)value, .. stream.Bytes.Skip(at + 1)];
        Prop.ForAll(changed.ToArbitrary(), bytes =>
        {
            try
            {
                ReadInPieces(bytes, []);
            }
            catch (ProtocolException)
            {
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_it_asks_for_is_bounded_whatever_comes()
    {
        Prop.ForAll(Noise().ToArbitrary(), bytes =>
        {
            try
            {
                return ProtocolParser.TryRead(bytes, MaxPayload, out _, out var needed)
                    || needed <= ProtocolParser.MaxInfoLine + MaxPayload + 4;
            }
            catch (ProtocolException)
            {
                return true;
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("PING\n")]
    [InlineData("PINGS\r\n")]
    [InlineData("MSG a\r\n")]
    [InlineData("MSG a 1\r\n")]
    [InlineData("MSG  1 0\r\n\r\n")]
    [InlineData("MSG a 1  0\r\n\r\n")]
    [InlineData("MSG a x 0\r\n\r\n")]
    [InlineData("MSG a 1 -1\r\n")]
    [InlineData("MSG a 1 b c 0\r\n\r\n")]
    [InlineData("MSG a 1 b c d e f g 0\r\n\r\n")]
    [InlineData("MSG a 1234567890123456789 0\r\n\r\n")]
    [InlineData("MSG a 1 9999999999\r\n")]
    [InlineData("MSG a 1 2001\r\n")]
    [InlineData("MSG a 1 1\r\nxyz")]
    [InlineData("HMSG a 1 0\r\n\r\n")]
    [InlineData("HMSG a 1 3 2\r\nxx\r\n")]
    public void A_malformed_line_is_refused(string text) =>
        Assert.Throws<ProtocolException>(() => ProtocolParser.TryRead(Encoding.ASCII.GetBytes(text), MaxPayload, out _, out _));

    [Theory]
    [InlineData("", ProtocolParser.MaxControlLine)]
    [InlineData("INFO ", ProtocolParser.MaxInfoLine)]
    public void A_line_without_an_end_is_refused_at_its_bound(string start, int bound)
    {
        var line = Encoding.ASCII.GetBytes(start.PadRight(bound + 1, 'x'));

        Assert.False(ProtocolParser.TryRead(line.AsSpan(..bound), MaxPayload, out _, out var needed));
        Assert.Equal(bound + 1, needed);
        Assert.Throws<ProtocolException>(() => ProtocolParser.TryRead(line, MaxPayload, out _, out _));
    }

    [Fact]
    public void A_refusal_shows_no_control_characters()
    {
        var e = Assert.Throws<ProtocolException>(() => ProtocolParser.TryRead("\e[2J\a evil\r\n"u8, MaxPayload, out _, out _));

        Assert.DoesNotContain(e.Message, char.IsControl);
    }

    [Fact]
    public void Any_header_block_is_judged_and_a_good_one_can_be_read()
    {
        var blocks = Gen.OneOf(
            Noise(),
            Gen.Elements("NATS/1.0", " 503", "\r\n", "a: b", ":", "x", "\r", "\n").ListOf().Select(parts => Encoding.ASCII.GetBytes("NATS/1.0" + string.Concat(parts) + "\r\n\r\n")));
        Prop.ForAll(blocks.ToArbitrary(), bytes =>
        {
            if (!NatsHeaderBlock.IsValid(bytes))
            {
                return;
            }

            var block = new NatsHeaderBlock(bytes);
            Assert.InRange(block.Status, int.MinValue, int.MaxValue);
            var read = 0;
            foreach (var header in block)
            {
                Assert.True(block.TryGet(header.Name, out _));
                read += header.Name.Length + 1 + header.Value.Length;
            }

            Assert.True(read <= bytes.Length);
        }).QuickCheckThrowOnFailure();
    }

    private static Gen<byte[]> Noise() => Gen.OneOf(
        Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(),
        Gen.Elements("MSG ", "HMSG ", "INFO ", "-ERR ", "+OK", "PING", "PONG", " ", "\r\n", "a.b", "1", "2001", "4294967296", "{}", "\0", "\n")
            .ListOf().Select(parts => Encoding.ASCII.GetBytes(string.Concat(parts))));

    private static Gen<(byte[] Bytes, int[] Cuts, string[] Commands)> Streams() =>
        from commands in Commands().ListOf()
        from cuts in Gen.Choose(0, 40).ArrayOf()
        select (commands.SelectMany(command => command.Bytes).ToArray(), cuts, commands.Select(command => command.Shown).ToArray());

    private static Gen<(byte[] Bytes, string Shown)> Commands()
    {
        var token = Gen.Elements("a", "b.c", "_INBOX.x.1", "long.subject.with.many.tokens");
        var messages = from subject in token
                       from id in Gen.Choose(0, int.MaxValue)
                       from reply in Gen.OneOf(Gen.Constant(""), token)
                       from payload in Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf()
                       from headers in Gen.Elements<string?>(null, "NATS/1.0\r\n\r\n", "NATS/1.0 503\r\n\r\n", "NATS/1.0\r\na: b\r\n\r\n")
                       let line = $"{subject} {id} {(reply.Length > 0 ? $"{reply} " : "")}"
                       let head = headers is null ? $"MSG {line}{payload.Length}\r\n" : $"HMSG {line}{headers.Length} {headers.Length + payload.Length}\r\n{headers}"
                       select ((byte[])[.. Encoding.ASCII.GetBytes(head), .. payload, .. "\r\n"u8],
                           $"Message|{subject}|{id}|{reply}|{headers}|{Convert.ToHexString(payload)}|");
        var controls = Gen.Elements(
            ("PING\r\n", "Ping||0||||"), ("PONG\r\n", "Pong||0||||"), ("+OK\r\n", "Ok||0||||"), ("-ERR 'Stale Connection'\r\n", "Error||0||||Stale Connection"),
            ("INFO {\"a\":1}\r\n", "Info||0||||{\"a\":1}"));
        return Gen.OneOf(messages, controls.Select(control => (Encoding.ASCII.GetBytes(control.Item1), control.Item2)));
    }

    private static List<string> ReadInPieces(byte[] bytes, int[] cuts)
    {
        var buffer = new ReceiveBuffer();
        var commands = new List<string>();
        var position = 0;
        for (var i = 0; position < bytes.Length; i++)
        {
            var needed = ReadAll(buffer, commands);
            var room = buffer.Room(needed);
            var piece = Math.Min(Math.Min(room.Length, bytes.Length - position), i < cuts.Length ? cuts[i] : int.MaxValue);
            bytes.AsMemory(position, piece).CopyTo(room);
            buffer.Received(piece);
            position += piece;
        }

        ReadAll(buffer, commands);
        return commands;
    }

    private static int ReadAll(ReceiveBuffer buffer, List<string> commands)
    {
        int needed;
        while (ProtocolParser.TryRead(buffer.Unread.Span, MaxPayload, out var command, out needed))
        {
            var payload = buffer.Unread.Slice(command.PayloadStart, command.PayloadLength);
            commands.Add($"{command.Kind}|{Encoding.ASCII.GetString(command.Subject)}|{command.SubscriptionId}|{Encoding.ASCII.GetString(command.ReplyTo)}|"
                + $"{Encoding.ASCII.GetString(command.Headers)}|{Convert.ToHexString(payload.Span)}|{Encoding.ASCII.GetString(command.Text)}");
            buffer.Consume(command.Length);
        }

        return needed;
    }
}

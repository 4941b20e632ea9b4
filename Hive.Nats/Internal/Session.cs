using System.Net.Sockets;

namespace Hive.Nats.Internal;

/// <summary>What takes the commands of a server, in order, on the read loop.</summary>
internal interface IServerCommands
{
    /// <summary>Takes a command; the payload is memory of the receive buffer.</summary>
    void Take(in ServerCommand command, ReadOnlyMemory<byte> payload);
}

/// <summary>One connection to one server, from its first byte to its last. The first failure is the one that counts.</summary>
internal sealed class Session(ServerAddress address, Socket socket, Stream stream, ReceiveBuffer received, NatsServerInfo info, int maxPayload) : IDisposable
{
    private Exception? _failure;

    public ServerAddress Address => address;

    public Stream Stream => stream;

    /// <summary>What the server said at the start.</summary>
    public NatsServerInfo Info => info;

    /// <summary>Bound on headers and payload of one message: the server's and our own.</summary>
    public int MaxPayload => Math.Min(info.MaxPayload, maxPayload);

    /// <summary>Ends the session: the read loop stops with this failure.</summary>
    public void Fail(Exception failure)
    {
        Interlocked.CompareExchange(ref _failure, failure, null);
        Dispose();
    }

    /// <summary>Hands over what the server sends until the session fails, and returns why it did.</summary>
    public async Task<NatsException> RunAsync(IServerCommands commands, OutgoingWriter writer)
    {
        try
        {
            while (true)
            {
                var needed = TakeAll(commands, writer);
                var count = await stream.ReadAsync(received.Room(needed)).ConfigureAwait(false);
                if (count == 0)
                {
                    Fail(new NatsException(NatsErrorKind.ConnectionLost, $"The NATS server at {address} closed the connection."));
                    break;
                }

                received.Received(count);
            }
        }
        catch (Exception e)
        {
            // Whatever it is, it ends this session and no more: the connection starts another one.
            Fail(e);
        }

        return _failure as NatsException
            ?? new NatsException(NatsErrorKind.ConnectionLost, $"The connection to the NATS server at {address} was lost: {_failure!.Message}", _failure);
    }

    public void Dispose()
    {
        socket.Dispose();
        stream.Dispose();
    }

    private int TakeAll(IServerCommands commands, OutgoingWriter writer)
    {
        writer.Cork();
        try
        {
            int needed;
            while (ProtocolParser.TryRead(received.Unread.Span, MaxPayload, out var command, out needed))
            {
                commands.Take(command, received.Unread.Slice(command.PayloadStart, command.PayloadLength));
                received.Consume(command.Length);
            }

            return needed;
        }
        finally
        {
            writer.Uncork();
        }
    }
}

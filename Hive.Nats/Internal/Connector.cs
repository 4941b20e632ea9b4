using System.Collections.Immutable;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace Hive.Nats.Internal;

/// <summary>Reaches a server: dials, reads INFO, agrees on TLS, says who we are, and waits for the first PONG, which proves that the server took us.</summary>
internal sealed class Connector(NatsOptions options, ImmutableArray<ServerAddress> servers)
{
    private int _next;

    /// <summary>Tries each server once, beginning with the one after the last that was tried.</summary>
    /// <exception cref="NatsException">None took us; the message says of each where and why.</exception>
    public async Task<Session> ConnectAsync(CancellationToken cancellation)
    {
        var failures = new List<NatsException>();
        for (var i = 0; i < servers.Length; i++)
        {
            var server = servers[_next++ % servers.Length];
            try
            {
                return await ConnectAsync(server, cancellation).ConfigureAwait(false);
            }
            catch (NatsException e)
            {
                failures.Add(e);
            }
        }

        return failures is [var only]
            ? throw only
            : throw new NatsException(failures[^1].Kind, string.Join(" ", failures.Select(failure => failure.Message)), new AggregateException(failures));
    }

    private async Task<Session> ConnectAsync(ServerAddress server, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        var handshake = new Handshake(server, options);
        try
        {
            return await handshake.RunAsync(linked.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            handshake.Dispose();
            cancellation.ThrowIfCancellationRequested();
            throw Describe(handshake, e);
        }
    }

    private NatsException Describe(Handshake handshake, Exception e)
    {
        var where = $"the NATS server at {handshake.Server}";
        return e switch
        {
            ProtocolException => new NatsException(NatsErrorKind.Protocol, $"What answers at {handshake.Server} is not a NATS server: {e.Message}", e),
            NatsException failure => failure,
            OperationCanceledException => new NatsException(NatsErrorKind.TimedOut,
                $"Nothing came from {where} within {options.ConnectTimeout.TotalSeconds:0.###} s while {handshake.Step}.", e),
            SocketException
            {
                SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
                or SocketError.NetworkUnreachable or SocketError.HostUnreachable
            } => new NatsException(NatsErrorKind.Refused,
                $"No NATS server can be reached at {handshake.Server}: {e.Message}", e),
            AuthenticationException or CryptographicException => new NatsException(NatsErrorKind.TlsFailure, $"TLS with {where} failed: {Innermost(e)}", e),
            IOException or SocketException when handshake.IsEncrypted => new NatsException(NatsErrorKind.TlsFailure,
                $"TLS with {where} failed while {handshake.Step}; it may not trust this client's certificate: {Innermost(e)}", e),
            FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => new NatsException(NatsErrorKind.TlsFailure,
                $"A TLS file cannot be read: {e.Message}", e),
            _ => new NatsException(NatsErrorKind.ConnectionLost, $"The connection to {where} was lost while {handshake.Step}: {e.Message}", e),
        };
    }

    private static string Innermost(Exception e)
    {
        while (e.InnerException is { } inner)
        {
            e = inner;
        }

        return e.Message;
    }
}

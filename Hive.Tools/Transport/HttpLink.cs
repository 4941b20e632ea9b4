using Hive.Tools.Configuration;
using ModelContextProtocol.Client;

namespace Hive.Tools.Transport;

/// <summary>A server that runs elsewhere and is spoken to by streamable HTTP. Redirections are not followed: a server may not send our headers to another.</summary>
internal sealed class HttpLink : IServerLink
{
    /// <summary>How many bytes a response has at most.</summary>
    private const long MaxResponse = 16 << 20;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client;
    private readonly HttpClientTransport _transport;

    private HttpLink(HttpClient client, HttpClientTransport transport) => (_client, _transport) = (client, transport);

    public IClientTransport Transport => _transport;

    /// <summary>Makes the way to a server; nothing is sent yet.</summary>
    /// <param name="server">The server.</param>
    /// <exception cref="ToolServerException">A header's value is missing, or is none.</exception>
    public static HttpLink To(ToolServer server)
    {
        var headers = server.HeaderEnvironment.ToDictionary(header => header.Key, header => Value(header.Value));
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = ConnectTimeout };
        var client = new HttpClient(new BoundedResponses(MaxResponse, handler)) { Timeout = Timeout.InfiniteTimeSpan };
        return new HttpLink(client, new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = server.Url!,
                Name = server.Name,
                TransportMode = HttpTransportMode.StreamableHttp,
                AdditionalHeaders = headers,
                ConnectionTimeout = ConnectTimeout,
                // Only answers are awaited, and a stream that never ends could not be bounded.
                EnableStandaloneGetStream = false,
                MaxReconnectionAttempts = 2,
            },
            client,
            loggerFactory: null,
            ownsHttpClient: false));
    }

    public ValueTask<string> LastWordsAsync() => new("");

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync().ConfigureAwait(false);
        _client.Dispose();
    }

    private static string Value(string variable)
    {
        var value = HostEnvironment.Required(variable);
        return value.Any(char.IsControl)
            ? throw new ToolServerException($"the environment variable {variable} holds a control character or an end of a line, which no HTTP header can")
            : value;
    }
}

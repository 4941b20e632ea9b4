using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Hive.Client.Grid;
using Hive.Silo.Hosting;
using Hive.Testing;

namespace Hive.Silo.Tests.Grid;

/// <summary>A program in any language uses a grid with nothing but a socket, as docs/grid.md shows: lines of NATS and JSON.</summary>
public sealed class GridApiTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_socket_submits_a_goal_watches_it_to_its_end_and_reads_the_outcome()
    {
        await using var server = await NatsServer.StartAsync(cancellation: Cancellation);
        await using var hub = await StartHubAsync(server);
        await using var wire = await Wire.ConnectAsync(server.Port);
        var accepted = await wire.AskAsync("submit", $$"""{"id": "by-hand", "goal": {{Commands.Goals.Small}}}""");
        Assert.Equal("by-hand", accepted.GetProperty("id").GetString());

        var kinds = new List<string>();
        for (var (after, end) = (0L, false); !end;)
        {
            var reply = await wire.AskAsync("watch", string.Create(CultureInfo.InvariantCulture, $$"""{"id": "by-hand", "after": {{after}}}"""));
            foreach (var entry in reply.GetProperty("entries").EnumerateArray())
            {
                Assert.Equal(++after, entry.GetProperty("sequence").GetInt64());
                kinds.Add(entry.GetProperty("kind").GetString()!);
            }

            end = reply.GetProperty("end").GetBoolean();
        }

        Assert.Equal("accepted", kinds[0]);
        Assert.Contains("outcome", kinds);
        var status = await wire.AskAsync("status", """{"id": "by-hand"}""");
        Assert.Equal("Done", status.GetProperty("state").GetString());
        Assert.True(status.GetProperty("verified").GetBoolean());
    }

    [Fact]
    public async Task A_socket_calls_a_goal_off()
    {
        await using var server = await NatsServer.StartAsync(cancellation: Cancellation);
        await using var hub = await StartHubAsync(server);
        await using var wire = await Wire.ConnectAsync(server.Port);
        var endless = Commands.Goals.Long.Replace("1500000", "150000000000", StringComparison.Ordinal);
        await wire.AskAsync("submit", $$"""{"id": "endless", "goal": {{endless}}}""");
        var cancelled = await wire.AskAsync("cancel", """{"id": "endless", "reason": "enough"}""");
        Assert.Equal("Cancelled", cancelled.GetProperty("state").GetString());
        Assert.Equal("enough", cancelled.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_submission_that_is_repeated_is_one_goal()
    {
        await using var server = await NatsServer.StartAsync(cancellation: Cancellation);
        await using var hub = await StartHubAsync(server);
        await using var wire = await Wire.ConnectAsync(server.Port);
        var request = $$"""{"id": "once", "goal": {{Commands.Goals.Small}}}""";
        await wire.AskAsync("submit", request);
        await wire.AskAsync("submit", request);
        Assert.Equal(1, (await wire.AskAsync("list", "{}")).GetProperty("goals").GetArrayLength());
    }

    [Theory]
    [InlineData("submit", "{", "bad-input", "no JSON")]
    [InlineData("submit", "[]", "bad-input", "JSON object")]
    [InlineData("submit", "{}", "bad-input", "no \"goal\"")]
    [InlineData("submit", """{"goal": {"objective": "x"}}""", "bad-input", "check")]
    [InlineData("submit", """{"id": "a b", "goal": {}}""", "bad-input", "")]
    [InlineData("status", """{"id": "nobody"}""", "unknown", "no goal nobody")]
    [InlineData("status", """{"id": 7}""", "bad-input", "no \"id\"")]
    [InlineData("status", """{"version": 2, "id": "x"}""", "bad-input", "version")]
    [InlineData("fly", "{}", "bad-input", "known are add-budget, approve, cancel, list")]
    public async Task A_request_that_is_none_is_refused_with_the_reason(string verb, string request, string kind, string words)
    {
        await using var server = await NatsServer.StartAsync(cancellation: Cancellation);
        await using var hub = await StartHubAsync(server);
        await using var wire = await Wire.ConnectAsync(server.Port);
        var error = (await wire.AskAsync(verb, request)).GetProperty("error");
        Assert.Equal(kind, error.GetProperty("kind").GetString());
        Assert.Contains(words, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_hub_a_client_is_told_where_it_looked()
    {
        await using var server = await NatsServer.StartAsync(cancellation: Cancellation);
        await using var client = await GridHive.ConnectAsync(new GridOptions { Server = server.Location }, TimeSpan.Zero, cancellation: Cancellation);
        var lost = await Assert.ThrowsAsync<GridUnavailableException>(() => client.ListAsync(cancellation: Cancellation));
        Assert.Contains($"no hub of grid 'hive' answers at {server.Location}", lost.Message, StringComparison.Ordinal);
    }

    private static Task<RunningSilo> StartHubAsync(NatsServer server) => RunningSilo.StartAsync(
        options => (options.Name, options.Database, options.Grid) = ("hub", HiveOptions.InMemory, new GridOptions { Server = server.Location }), Cancellation);

    /// <summary>A client that knows nothing but the lines of the protocol.</summary>
    private sealed class Wire(TcpClient socket, StreamReader reader) : IAsyncDisposable
    {
        private int _requests;

        public static async Task<Wire> ConnectAsync(int port)
        {
            var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", port, Cancellation);
            var reader = new StreamReader(socket.GetStream(), new UTF8Encoding(false));
            Assert.StartsWith("INFO ", await reader.ReadLineAsync(Cancellation), StringComparison.Ordinal);
            var wire = new Wire(socket, reader);
            await wire.SendAsync("CONNECT {\"verbose\":false,\"protocol\":1}\r\nSUB _INBOX.hive.admin.wire.* 1\r\n");
            return wire;
        }

        public async Task<JsonElement> AskAsync(string verb, string request)
        {
            var payload = Encoding.UTF8.GetByteCount(request);
            await SendAsync($"PUB hive.hive.api.admin.{verb} _INBOX.hive.admin.wire.{++_requests} {payload}\r\n{request}\r\n");
            while (await reader.ReadLineAsync(Cancellation) is { } line)
            {
                if (line == "PING") await SendAsync("PONG\r\n");
                if (!line.StartsWith("MSG ", StringComparison.Ordinal)) continue;
                var reply = new StringBuilder();
                var bytes = int.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture);
                var buffer = new char[1];
                while (bytes > 0 && await reader.ReadAsync(buffer, Cancellation) == 1)
                {
                    reply.Append(buffer);
                    bytes -= Encoding.UTF8.GetByteCount(buffer);
                }

                await reader.ReadLineAsync(Cancellation);
                return JsonDocument.Parse(reply.ToString()).RootElement;
            }

            throw new IOException("the server has hung up");
        }

        public ValueTask DisposeAsync()
        {
            reader.Dispose();
            socket.Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task SendAsync(string text) => await socket.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text), Cancellation);
    }
}

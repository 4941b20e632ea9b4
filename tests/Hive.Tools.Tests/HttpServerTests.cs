using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hive.Tools.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hive.Tools.Tests;

/// <summary>Servers by HTTP that want a key, send their callers elsewhere, or never stop talking.</summary>
public sealed class HttpServerTests
{
    private const string Variable = "HIVE_TOOLS_TEST_KEY";

    private const string Key = "Bearer honey";

    [Fact]
    public async Task A_key_is_taken_from_the_environment_and_sent_with_every_request()
    {
        Environment.SetEnvironmentVariable(Variable, Key);
        var keys = new ConcurrentBag<string>();
        await using var server = await StartAsync(async context =>
        {
            keys.Add(context.Request.Headers.Authorization.ToString());
            await AnswerAsync(context);
        });
        await using var tools = Tools(server, Variable);

        Assert.Equal("http.nothing", Assert.Single(await tools.ListAsync(Bench.Cancellation)).Name);
        Assert.All(keys, key => Assert.Equal(Key, key));
    }

    [Fact]
    public async Task A_refused_key_is_an_error_that_does_not_show_it_and_a_missing_one_is_never_sent()
    {
        Environment.SetEnvironmentVariable(Variable, Key);
        var requests = 0;
        await using var server = await StartAsync(context =>
        {
            Interlocked.Increment(ref requests);
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
        await using var refused = Tools(server, Variable);
        var failure = (await refused.LookAsync()).Failure;
        Assert.Contains("401", failure);
        Assert.DoesNotContain("honey", failure);

        var sent = requests;
        await using var missing = Tools(server, "HIVE_TOOLS_TEST_NO_KEY");
        Assert.Contains("HIVE_TOOLS_TEST_NO_KEY", (await missing.LookAsync()).Failure);
        Assert.Equal(sent, requests);
    }

    [Fact]
    public async Task A_redirection_is_not_followed()
    {
        Environment.SetEnvironmentVariable(Variable, Key);
        var strays = 0;
        await using var elsewhere = await StartAsync(context =>
        {
            Interlocked.Increment(ref strays);
            return AnswerAsync(context);
        });
        await using var server = await StartAsync(context =>
        {
            context.Response.Redirect(elsewhere.Urls.Single() + "/mcp", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        await using var tools = Tools(server, Variable);

        Assert.NotNull((await tools.LookAsync()).Failure);
        Assert.Equal(0, strays);
    }

    [Fact]
    public async Task A_response_without_end_is_cut_off()
    {
        await using var server = await StartAsync(async context =>
        {
            var blanks = new byte[1 << 16];
            Array.Fill(blanks, (byte)' ');
            context.Response.ContentType = "application/json";
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(blanks, context.RequestAborted);
            }
        });
        await using var tools = Tools(server);

        Assert.Contains("more than 16,777,216 bytes", (await tools.LookAsync()).Failure);
    }

    private static McpTools Tools(WebApplication server, string? key = null)
    {
        var listed = new ToolServer { Name = "http", Url = new Uri(server.Urls.Single() + "/mcp"), Directory = Path.GetTempPath() };
        return Bench.Start(key is null ? listed : listed with { HeaderEnvironment = listed.HeaderEnvironment.Add("Authorization", key) });
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.Map("/mcp", answer);
        await server.StartAsync(Bench.Cancellation);
        return server;
    }

    /// <summary>A server with one tool.</summary>
    private static async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request.Method == "POST" ? await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) : null;
        if (request?["id"] is not { } id)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        object? result = request["method"]?.GetValue<string>() switch
        {
            "initialize" => new { protocolVersion = "2025-11-25", capabilities = new { tools = new { } }, serverInfo = new { name = "http", version = "1" } },
            "tools/list" => new { tools = new[] { new { name = "nothing", inputSchema = new { type = "object" } } } },
            _ => null,
        };
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(
            result is null
                ? JsonSerializer.Serialize(new { jsonrpc = "2.0", id, error = new { code = -32601, message = "no such method" } })
                : JsonSerializer.Serialize(new { jsonrpc = "2.0", id, result }),
            context.RequestAborted);
    }
}

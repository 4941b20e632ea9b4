using Hive.Brains.Calls;
using Hive.Brains.Configuration;
using Hive.Brains.Discovery;
using Microsoft.Extensions.AI;

namespace Hive.Brains.Tests;

/// <summary>A pool of one brain, named "b", at a given endpoint.</summary>
internal sealed class TestPool(BrainPool pool) : IAsyncDisposable
{
    public IChatClient Client => pool.Open("b");

    public BrainPool Pool => pool;

    public static async Task<TestPool> OpenAsync(string endpoint, string more = "", TimeProvider? time = null, Func<BrainLimits, BrainLimits>? limits = null, string model = "m")
    {
        var file = BrainsFile.Parse($$"""{"brains": [{"name": "b", "endpoint": "{{endpoint}}", "model": "{{model}}"{{(more.Length > 0 ? "," + more : "")}}}], "discover": false}""", Path.GetTempPath());
        limits ??= usual => usual;
        return new TestPool(await BrainPool.OpenAsync(file, limits(new BrainLimits()), LocalServer.Usual, time ?? TimeProvider.System, loggers: null, TestContext.Current.CancellationToken));
    }

    public Task<ChatResponse> AskAsync(string prompt = "hi", ChatOptions? options = null, CancellationToken? cancellation = null) =>
        Client.GetResponseAsync([new ChatMessage(ChatRole.User, prompt)], options, cancellation ?? TestContext.Current.CancellationToken);

    public async Task<BrainException> FailAsync() => await Assert.ThrowsAsync<BrainException>(() => AskAsync());

    public async Task<List<ChatResponseUpdate>> StreamAsync(ChatOptions? options = null)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "hi")], options, TestContext.Current.CancellationToken))
        {
            updates.Add(update);
        }

        return updates;
    }

    public ValueTask DisposeAsync() => pool.DisposeAsync();
}

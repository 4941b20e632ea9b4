using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Orleans.Concurrency;

namespace Hive.Engine.Nats.Tests;

public interface IEcho : IGrainWithStringKey
{
    Task<string> Where();

    Task<byte[]> Echo(byte[] bytes);

    Task<string> Ask(string other);

    Task Throw(string message);

    [AlwaysInterleave]
    Task HangAsync(Guid gate, CancellationToken cancellation);

    [OneWay]
    Task Tell(Guid gate);

    IAsyncEnumerable<int> CountTo(int last, CancellationToken cancellation);

    Task Notify(IListener listener, string words);
}

public interface IListener : IGrainObserver
{
    Task Hear(string words);
}

[OnNamedSilo]
public sealed class EchoGrain(ILocalSiloDetails silo) : Grain, IEcho
{
    public Task<string> Where() => Task.FromResult(silo.Name);

    public Task<byte[]> Echo(byte[] bytes) => Task.FromResult(bytes);

    public Task<string> Ask(string other) => GrainFactory.GetGrain<IEcho>(other).Where();

    public Task Throw(string message) => throw new InvalidOperationException(message);

    public async Task HangAsync(Guid gate, CancellationToken cancellation)
    {
        Gates.Open(gate, "begun");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        }
        catch (OperationCanceledException)
        {
            Gates.Open(gate, "cancelled");
            throw;
        }
    }

    public async IAsyncEnumerable<int> CountTo(int last, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var number = 1; number <= last; number++)
        {
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            yield return number;
        }
    }

    public Task Notify(IListener listener, string words) => listener.Hear(words);

    public Task Tell(Guid gate)
    {
        Gates.Open(gate, "told");
        return Task.CompletedTask;
    }
}

/// <summary>What grains of a test tell it.</summary>
internal static class Gates
{
    private static readonly ConcurrentDictionary<(Guid, string), TaskCompletionSource> All = new();

    public static void Open(Guid gate, string name) => Of(gate, name).TrySetResult();

    public static Task WhenOpen(Guid gate, string name) => Of(gate, name).Task.WaitAsync(TestContext.Current.CancellationToken);

    private static TaskCompletionSource Of(Guid gate, string name) =>
        All.GetOrAdd((gate, name), static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}

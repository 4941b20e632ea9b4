using System.Collections.Concurrent;

namespace Hive.Engine.Tests.Support;

/// <summary>How grains of a test, in the same process, tell it that something has happened. A gate opens once for each wait.</summary>
internal static class Gates
{
    private static readonly ConcurrentDictionary<Guid, TaskCompletionSource> Waits = new();

    public static Task WhenOpen(Guid gate) => Waits.GetOrAdd(gate, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public static void Open(Guid gate)
    {
        if (Waits.TryRemove(gate, out var wait)) wait.TrySetResult();
    }
}

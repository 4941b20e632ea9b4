using System.Runtime.CompilerServices;

namespace Hive.Engine;

/// <summary>
/// Finds calls that can never run. A call that waits is kept out by the blocking calls that run at its activation; a call that runs waits for
/// the calls that it awaits. A circle of these is a deadlock. Each link, once broken, never comes back, so a circle whose links are all seen
/// twice, each for the second time after all were seen for the first, existed at one moment, and a deadlock that exists stays.
/// </summary>
internal static class DeadlockDetector
{
    private const int LongestChain = 10_000;

    /// <summary>Looks, once the caller's present turn is over, whether <paramref name="waiting"/> waits for one of its own callers.</summary>
    internal static void CheckSoon(GrainCall waiting)
    {
        if (HasCallerAt(waiting, waiting.Host!)) waiting.Parent?.Host?.TryReceive(new EngineTurn(_ => Check(waiting)));
    }

    /// <summary>Whether the caller of <paramref name="call"/> has asked to be told of its end, rather than letting it run on its own.</summary>
    internal static bool IsAwaited(GrainCall call)
    {
        if (call is LifecycleCall) return true;
        return call.Completion is { IsCompleted: false } completion && Continuation(completion) is not null;
    }

    internal static void Fail(GrainCall waiting, IReadOnlyList<GrainCall> chain)
    {
        var names = chain.Select(call => call.ToString()).Append(chain[0].ToString());
        waiting.TrySetException(new GrainDeadlockException([.. names]));
    }

    private static void Check(GrainCall waiting)
    {
        if (Chain(waiting) is not { } chain || Chain(waiting) is not { } again || !chain.SequenceEqual(again)) return;
        Fail(waiting, chain);
    }

    /// <summary>The calls from the one that blocks <paramref name="waiting"/> down to it, if each awaits the next and that blocks the last.</summary>
    private static List<GrainCall>? Chain(GrainCall waiting)
    {
        var host = waiting.Host;
        if (waiting.State != CallState.Waiting || host is null) return null;
        var chain = new List<GrainCall>();
        for (var call = waiting; call is not null && chain.Count < LongestChain; call = call.Parent)
        {
            if (call.State is not (CallState.Running or CallState.Waiting)) return null;
            chain.Add(call);
            if (!ReferenceEquals(call, waiting) && ReferenceEquals(call.Host, host) && call.IsBlocking)
            {
                chain.Reverse();
                return chain;
            }

            if (!IsAwaited(call)) return null;
        }

        return null;
    }

    private static bool HasCallerAt(GrainCall call, Activation host)
    {
        var left = LongestChain;
        for (var parent = call.Parent; parent is not null && left-- > 0; parent = parent.Parent)
        {
            if (ReferenceEquals(parent.Host, host)) return true;
        }

        return false;
    }

    /// <summary>
    /// What a task runs when it ends. There is no public way to ask whether anything waits for a task, and a call that nobody waits for is no
    /// part of a deadlock.
    /// </summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_continuationObject")]
    private static extern ref object? Continuation(Task task);
}

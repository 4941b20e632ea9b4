namespace Hive.Engine;

/// <summary>
/// Looks for circles among all calls in flight, for those that <see cref="DeadlockDetector.CheckSoon"/> cannot see from one chain of callers:
/// two grains, say, that each serve another client and then call each other. It takes time in proportion to the calls, and only when some
/// grain's call has waited from one sweep to the next.
/// </summary>
internal sealed class DeadlockScan
{
    private readonly List<GrainCall> _suspects = [];
    private readonly List<GrainCall> _calls = [];

    internal void Add(GrainCall call)
    {
        if (call.Parent is null) return;
        _calls.Add(call);
        if (call.State != CallState.Waiting) return;
        if (call.WasSeenWaiting) _suspects.Add(call);
        call.WasSeenWaiting = true;
    }

    internal void Report()
    {
        if (_suspects.Count == 0) return;
        var children = _calls.Where(call => call.Parent is not null).ToLookup(call => call.Parent!);
        var visited = new HashSet<GrainCall>();
        foreach (var suspect in _suspects)
        {
            if (Circle(suspect, children, visited) is not { } circle || !Holds(circle)) continue;
            if (circle.FirstOrDefault(call => call.State == CallState.Waiting) is { } waiting) DeadlockDetector.Fail(waiting, circle);
        }
    }

    /// <summary>What must end before <paramref name="call"/> can go on.</summary>
    private static IEnumerable<GrainCall> WaitsFor(GrainCall call, ILookup<GrainCall, GrainCall> children)
    {
        if (call.State == CallState.Waiting)
        {
            for (var running = call.Host?.FirstRunning; running is not null; running = running.Next as GrainCall)
            {
                if (Blocks(running, call)) yield return running;
            }
        }
        else if (call.State == CallState.Running)
        {
            foreach (var child in children[call])
            {
                if (Awaits(call, child)) yield return child;
            }
        }
    }

    private static bool Blocks(GrainCall running, GrainCall waiting) =>
        waiting.State == CallState.Waiting && running.State == CallState.Running && running.IsBlocking && ReferenceEquals(running.Host, waiting.Host);

    private static bool Awaits(GrainCall running, GrainCall child) =>
        running.State == CallState.Running && ReferenceEquals(child.Parent, running) && DeadlockDetector.IsAwaited(child);

    private static bool Holds(List<GrainCall> circle)
    {
        for (var i = 0; i < circle.Count; i++)
        {
            var next = circle[(i + 1) % circle.Count];
            if (!Blocks(next, circle[i]) && !Awaits(circle[i], next)) return false;
        }

        return true;
    }

    /// <summary>Depth first, with the path at hand; a call that was gone through once need not be gone through again.</summary>
    private static List<GrainCall>? Circle(GrainCall start, ILookup<GrainCall, GrainCall> children, HashSet<GrainCall> visited)
    {
        if (!visited.Add(start)) return null;
        var path = new List<GrainCall> { start };
        var pending = new Stack<IEnumerator<GrainCall>>([WaitsFor(start, children).GetEnumerator()]);
        while (pending.TryPeek(out var ways))
        {
            if (!ways.MoveNext())
            {
                pending.Pop();
                path.RemoveAt(path.Count - 1);
                continue;
            }

            var next = ways.Current;
            var back = path.IndexOf(next);
            if (back >= 0) return path[back..];
            if (!visited.Add(next)) continue;
            path.Add(next);
            pending.Push(WaitsFor(next, children).GetEnumerator());
        }

        return null;
    }
}

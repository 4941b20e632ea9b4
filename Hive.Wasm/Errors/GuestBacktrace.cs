using System.Diagnostics;

namespace Hive.Wasm;

/// <summary>Finds the guest functions in a trap's stack trace, by the names their methods were given.</summary>
internal static class GuestBacktrace
{
    private const int MaxFrames = 64;

    public static IReadOnlyList<string> Of(TrapException trap)
    {
        var frames = new List<string>();
        foreach (var frame in new StackTrace(trap).GetFrames())
        {
            var method = frame.GetMethod();
            if (frames.Count == MaxFrames) break;
            if (method?.DeclaringType is not { Namespace: null } type || !type.Assembly.IsDynamic || !type.Name.StartsWith("Batch", StringComparison.Ordinal)) continue;
            frames.Add($"{type.Assembly.GetName().Name}[{method.Name[1..]}]");
        }

        return frames;
    }
}

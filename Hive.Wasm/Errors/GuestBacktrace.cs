using System.Diagnostics;
using System.Globalization;

namespace Hive.Wasm;

/// <summary>Finds the guest functions in a trap's stack trace, by the names that their methods were given.</summary>
internal static class GuestBacktrace
{
    private const int MaxFrames = 64;

    public static IReadOnlyList<string> Of(TrapException trap)
    {
        var frames = new List<string>();
        foreach (var frame in new StackTrace(trap).GetFrames())
        {
            if (frames.Count == MaxFrames) break;
            if (frame.GetMethod() is not { DeclaringType: { } type } method || !ModuleCode.IsGuest(type)) continue;
            if (!int.TryParse(method.Name.AsSpan().TrimStart("abcdefghijklmnopqrstuvwxyz"), NumberStyles.None, CultureInfo.InvariantCulture, out var index)) continue;
            var name = trap.Module is { } code && code.CompiledAssembly == type.Assembly ? code.NameOf(index) : null;
            frames.Add($"{type.Assembly.GetName().Name}[{index}]{(name is null ? "" : " " + name)}");
        }

        return frames;
    }
}

using System.Runtime.CompilerServices;

namespace Hive.Wasm;

/// <summary>
/// Tells whether a thread's stack has room. The runtime only tells whether 128 KiB are left; more is needed, because handlers of
/// the exception that a trap is run below the frames that it leaves, and because compiling takes stack. So the question is
/// asked again further down, each step within what is known to be there.
/// </summary>
internal static unsafe class StackProbe
{
    private const int Step = 64 * 1024;

    /// <summary>Whether 128 KiB and a number of steps of 64 KiB are left.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool HasRoom(int steps)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) return false;
        if (steps == 0) return true;
        var step = stackalloc byte[Step];
        step[0] = 1;
        // Reading the step afterwards keeps it on the stack during the call.
        return HasRoom(steps - 1) && step[0] == 1;
    }
}

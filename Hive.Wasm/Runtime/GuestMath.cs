using System.Runtime.CompilerServices;

namespace Hive.Wasm;

/// <summary>Arithmetic that IL has no instruction for; called by compiled code.</summary>
internal static class GuestMath
{
    /// <summary>A float with the given bits. The JIT quietens a signalling NaN when it folds the conversion of a constant, so it may not see it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float SingleFromBits(int bits) => BitConverter.Int32BitsToSingle(bits);

    /// <summary>Rounds once; going through f64 would round twice.</summary>
    public static float SingleFromUInt64(ulong value)
    {
        if (value <= long.MaxValue) return (long)value;
        // Half the value with the lost bit kept sticky rounds as the value itself does.
        return (float)(long)((value >> 1) | (value & 1)) * 2f;
    }
}

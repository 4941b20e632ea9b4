using System.Runtime.Intrinsics;

namespace Hive.Wasm.Tests.Core;

internal static class VectorLanes
{
    public static uint AsLane(this Vector128<byte> vector, int lane) => vector.AsUInt32()[lane];
}

using System.Runtime.InteropServices;

namespace Hive.Wasm;

/// <summary>Zeroed native bytes that are freed when nothing refers to them.</summary>
internal sealed unsafe class NativeBlock
{
    public NativeBlock(int bytes) => Address = (byte*)NativeMemory.AllocZeroed((nuint)Math.Max(bytes, 1));

    ~NativeBlock() => NativeMemory.Free(Address);

    public byte* Address { get; }
}

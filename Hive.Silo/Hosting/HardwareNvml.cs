using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Hive.Silos;

namespace Hive.Silo.Hosting;

/// <summary>NVIDIA GPUs by the driver's management library (NVML), which is loaded if it is there. Its functions return 0 where all is well.</summary>
internal sealed class HardwareNvml
{
    private const int MaxGpus = 64;
    private const int TextLength = 96;

    private readonly nint _library;

    private HardwareNvml(nint library) => _library = library;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Plain();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int GetCount(out uint count);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int GetHandle(uint index, out nint device);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int GetDeviceText(nint device, byte[] text, uint length);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int GetText(byte[] text, uint length);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int GetMemory(nint device, out MemoryInfo memory);

    /// <summary>Reads the GPUs.</summary>
    /// <returns>The GPUs; absent where the library is not there or does not work, such as after an update of the driver without a restart.</returns>
    public static ImmutableArray<Gpu>? TryRead()
    {
        if (!NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvml.dll" : "libnvidia-ml.so.1", out var library))
        {
            return null;
        }

        try
        {
            return new HardwareNvml(library).Read();
        }
        catch (EntryPointNotFoundException)
        {
            // A library of that name that is not NVML.
            return null;
        }
        finally
        {
            NativeLibrary.Free(library);
        }
    }

    private ImmutableArray<Gpu>? Read()
    {
        if (Function<Plain>("nvmlInit_v2")() != 0)
        {
            return null;
        }

        try
        {
            var driver = Text((text, length) => Function<GetText>("nvmlSystemGetDriverVersion")(text, length));
            if (driver is null || Function<GetCount>("nvmlDeviceGetCount_v2")(out var count) != 0)
            {
                return null;
            }

            return [.. Enumerable.Range(0, (int)Math.Min(count, MaxGpus)).Select(index => Device((uint)index, driver)).OfType<Gpu>()];
        }
        finally
        {
            _ = Function<Plain>("nvmlShutdown")();
        }
    }

    private Gpu? Device(uint index, string driver) =>
        Function<GetHandle>("nvmlDeviceGetHandleByIndex_v2")(index, out var device) == 0
        && Text((text, length) => Function<GetDeviceText>("nvmlDeviceGetName")(device, text, length)) is { } name
        && Function<GetMemory>("nvmlDeviceGetMemoryInfo")(device, out var memory) == 0
            ? new Gpu(name, (long)(memory.Total >> 20), driver)
            : null;

    private T Function<T>(string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(_library, name));

    private static string? Text(Func<byte[], uint, int> read)
    {
        var text = new byte[TextLength];
        return read(text, TextLength) == 0 ? Encoding.UTF8.GetString(text.AsSpan(0, Math.Max(0, text.AsSpan().IndexOf((byte)0)))) : null;
    }

    /// <summary><c>nvmlMemory_t</c>: bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MemoryInfo
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }
}

using System.Collections.Immutable;
using Hive.Silos;

namespace Hive.Silo.Hosting;

/// <summary>Looks at the hardware: cores and memory as a container leaves them, GPUs as NVIDIA's driver tells them.</summary>
internal static class HardwareProbe
{
    /// <summary>Looks at everything; where there is an NVIDIA driver this takes some tenths of a second.</summary>
    /// <param name="cancellation">Stops looking.</param>
    public static async Task<Hardware> ReadAsync(CancellationToken cancellation) =>
        new(Environment.ProcessorCount, MemoryMiB(), await GpusAsync(cancellation));

    /// <summary>The memory that this process may use, in MiB.</summary>
    public static long MemoryMiB() => HardwareMemory.Read("/", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) >> 20;

    /// <summary>By the driver's library where it can be loaded, and else by its command.</summary>
    private static async Task<ImmutableArray<Gpu>> GpusAsync(CancellationToken cancellation) =>
        await Task.Run(HardwareNvml.TryRead, cancellation) is { } gpus ? gpus : await HardwareNvidiaSmi.ReadAsync("nvidia-smi", cancellation);
}

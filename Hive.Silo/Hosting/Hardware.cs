using System.Collections.Immutable;
using Hive.Silos;

namespace Hive.Silo.Hosting;

/// <summary>What a machine, or what its container leaves of it, can do.</summary>
/// <param name="Cores">Processor cores that this process may use.</param>
/// <param name="MemoryMiB">Memory that this process may use, in MiB.</param>
/// <param name="Gpus">NVIDIA GPUs.</param>
public sealed record Hardware(int Cores, long MemoryMiB, ImmutableArray<Gpu> Gpus);

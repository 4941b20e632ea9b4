namespace Hive.Wasm.Bench;

/// <summary>What one kernel took, in nanoseconds for a run: the least of several, since noise only adds.</summary>
/// <param name="Kernel">The kernel's name.</param>
/// <param name="Size">The argument it was run with.</param>
/// <param name="HiveNanoseconds">In Hive.Wasm without fuel.</param>
/// <param name="MeteredNanoseconds">In Hive.Wasm with fuel.</param>
/// <param name="NodeNanoseconds">In node (V8) after warming up; null where node is not installed.</param>
/// <param name="Checksum">What the kernel returned, the same everywhere.</param>
public sealed record KernelReport(string Kernel, int Size, double HiveNanoseconds, double MeteredNanoseconds, double? NodeNanoseconds, int Checksum)
{
    /// <summary>Time in Hive.Wasm over time in node.</summary>
    public double? RatioToNode => HiveNanoseconds / NodeNanoseconds;

    /// <summary>Time with fuel over time without.</summary>
    public double RatioOfFuel => MeteredNanoseconds / HiveNanoseconds;
}

/// <summary>The measurements of one run of <see cref="WasmBenchmark"/>.</summary>
/// <param name="Node">Version of node, or null where it is not installed.</param>
/// <param name="Kernels">One report for each kernel.</param>
/// <param name="RatioToNode">Geometric mean over the kernels of time in Hive.Wasm over time in node.</param>
/// <param name="RatioOfFuel">Geometric mean over the kernels of time with fuel over time without.</param>
/// <param name="BoundaryCallNanoseconds">One call of an exported function that adds two numbers, through a typed delegate.</param>
/// <param name="LargeModuleBytes">Size of the large module.</param>
/// <param name="LargeModuleMilliseconds">Decoding, validating and instantiating the large module, and calling a function of it.</param>
/// <param name="CachedInstantiationMicroseconds">Instantiating it once more, in a new store.</param>
public sealed record WasmBenchmarkReport(
    string? Node,
    IReadOnlyList<KernelReport> Kernels,
    double? RatioToNode,
    double RatioOfFuel,
    double BoundaryCallNanoseconds,
    int LargeModuleBytes,
    double LargeModuleMilliseconds,
    double CachedInstantiationMicroseconds);

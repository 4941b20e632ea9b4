using System.Diagnostics;
using Hive.Wasm.Text;

namespace Hive.Wasm.Bench;

/// <summary>Measures compiled code beside V8's, on kernels that are part of this library.</summary>
public static class WasmBenchmark
{
    private const int Runs = 40;
    private const ulong AmpleFuel = long.MaxValue / 4;

    /// <summary>Kernels and the arguments that make a run take some milliseconds, less than what a scheduler hands out at once.</summary>
    private static readonly (string Name, int Size)[] Kernels =
    [
        ("integers", 3_000_000),
        ("sieve", 1_000_000),
        ("matrix", 160),
        ("sha256", 15_000),
        ("nbody", 60_000),
        ("interpreter", 4_000),
        ("dot", 1_200),
    ];

    /// <summary>Measures everything; takes about half a minute.</summary>
    /// <param name="progress">Told the name of each kernel when it is done.</param>
    /// <param name="cancellationToken">Stops the measurement.</param>
    /// <exception cref="InvalidOperationException">Hive.Wasm and node disagree about a result.</exception>
    public static WasmBenchmarkReport Run(IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        var node = NodeRunner.Find(cancellationToken);
        var reports = new List<KernelReport>();
        foreach (var (name, size) in Kernels)
        {
            reports.Add(Measure(name, size, node, cancellationToken));
            progress?.Report(name);
        }

        var (bytes, large, cached) = Instantiation();
        return new WasmBenchmarkReport(
            node?.Version, reports, node is null ? null : GeometricMean(reports.Select(report => report.RatioToNode!.Value)),
            GeometricMean(reports.Select(report => report.RatioOfFuel)), BoundaryCall(), bytes, large, cached);
    }

    /// <summary>A kernel's text.</summary>
    internal static string KernelText(string name)
    {
        using var stream = typeof(WasmBenchmark).Assembly.GetManifestResourceStream($"Hive.Wasm.Kernels.{name}.wat")
            ?? throw new ArgumentException($"There is no kernel {name}.", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static KernelReport Measure(string name, int size, NodeRunner? node, CancellationToken cancellationToken)
    {
        var module = WatCompiler.ToBinary(KernelText(name), name);
        using var plain = new Contender(new Config(), module, cancellationToken);
        using var metered = new Contender(new Config { ConsumeFuel = true }, module, cancellationToken);
        // In turns, so that what else the machine does meets both alike.
        for (var i = 0; i <= Runs; i++)
        {
            plain.Run(size, counts: i > 0);
            metered.Run(size, counts: i > 0);
        }

        var other = node?.Time(module, size, Runs, cancellationToken);
        if (plain.Result != metered.Result || (other is { } seen && seen.Result != plain.Result))
            throw new InvalidOperationException($"The kernel {name} returned {plain.Result}, with fuel {metered.Result}, in node {other?.Result}.");
        return new KernelReport(name, size, plain.Best, metered.Best, other?.Nanoseconds, plain.Result);
    }

    /// <summary>A kernel in an engine, and the least time that a run of it took.</summary>
    private sealed class Contender : IDisposable
    {
        private readonly Module _module;
        private readonly Store _store;
        private readonly Func<int, int> _run;

        public Contender(Config config, byte[] bytes, CancellationToken cancellationToken)
        {
            var engine = new Engine(config);
            _module = Module.FromBytes(engine, "kernel", bytes);
            _store = new Store(engine) { Fuel = AmpleFuel, CancellationToken = cancellationToken };
            _run = new Linker(engine).Instantiate(_store, _module).GetFunction<int, int>("run")!;
        }

        public double Best { get; private set; } = double.MaxValue;

        public int Result { get; private set; }

        public void Run(int size, bool counts)
        {
            var started = Stopwatch.GetTimestamp();
            Result = _run(size);
            if (counts) Best = Math.Min(Best, Stopwatch.GetElapsedTime(started).TotalNanoseconds);
        }

        public void Dispose()
        {
            _store.Dispose();
            _module.Dispose();
        }
    }

    private static double BoundaryCall()
    {
        const int Calls = 2_000_000;
        var engine = new Engine();
        using var module = Module.FromText(engine, "add", """(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))""");
        using var store = new Store(engine);
        var add = new Linker(engine).Instantiate(store, module).GetFunction<int, int, int>("add")!;
        var best = double.MaxValue;
        for (var run = 0; run < Runs; run++)
        {
            var started = Stopwatch.GetTimestamp();
            var sum = 0;
            for (var i = 0; i < Calls; i++) sum = add(sum, i);
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalNanoseconds / Calls);
        }

        return best;
    }

    private static (int Bytes, double Milliseconds, double CachedMicroseconds) Instantiation()
    {
        var bytes = LargeModule.Build(1 << 20);
        var engine = new Engine();
        var linker = new Linker(engine);
        var (first, again) = (double.MaxValue, double.MaxValue);
        for (var run = 0; run < Runs; run++)
        {
            var started = Stopwatch.GetTimestamp();
            using var module = Module.FromBytes(engine, "large", bytes);
            using (var store = new Store(engine))
            {
                linker.Instantiate(store, module).GetFunction<int, int>("run")!(1);
            }

            first = Math.Min(first, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            for (var i = 0; i < Runs; i++)
            {
                started = Stopwatch.GetTimestamp();
                using var store = new Store(engine);
                linker.Instantiate(store, module).GetFunction<int, int>("run")!(1);
                again = Math.Min(again, Stopwatch.GetElapsedTime(started).TotalMicroseconds);
            }
        }

        return (bytes.Length, first, again);
    }

    private static double GeometricMean(IEnumerable<double> ratios) => Math.Exp(ratios.Average(Math.Log));
}

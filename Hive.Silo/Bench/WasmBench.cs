using System.Text.Json;
using Hive.Silo.Display;
using Hive.Wasm.Bench;

namespace Hive.Silo.Bench;

/// <summary>The sandbox beside V8, on the kernels that ship with it.</summary>
internal static class WasmBench
{
    public static string Run(TextWriter progress, CancellationToken cancellation)
    {
        var report = WasmBenchmark.Run(new LineProgress(progress), cancellation);
        return JsonText.Of(writer => Write(writer, report));
    }

    private static void Write(Utf8JsonWriter writer, WasmBenchmarkReport report)
    {
        writer.WriteStartObject();
        writer.WriteString("node", report.Node);
        writer.WriteStartArray("kernels");
        foreach (var kernel in report.Kernels)
        {
            writer.WriteStartObject();
            writer.WriteString("kernel", kernel.Kernel);
            writer.WriteNumber("hiveMilliseconds", Rounded(kernel.HiveNanoseconds / 1e6));
            writer.WriteNumber("meteredMilliseconds", Rounded(kernel.MeteredNanoseconds / 1e6));
            Optional(writer, "nodeMilliseconds", kernel.NodeNanoseconds / 1e6);
            Optional(writer, "ratioToNode", kernel.RatioToNode);
            writer.WriteNumber("ratioOfFuel", Rounded(kernel.RatioOfFuel));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        Optional(writer, "ratioToNode", report.RatioToNode);
        writer.WriteNumber("ratioOfFuel", Rounded(report.RatioOfFuel));
        writer.WriteNumber("boundaryCallNanoseconds", Rounded(report.BoundaryCallNanoseconds));
        writer.WriteNumber("largeModuleBytes", report.LargeModuleBytes);
        writer.WriteNumber("largeModuleMilliseconds", Rounded(report.LargeModuleMilliseconds));
        writer.WriteNumber("cachedInstantiationMicroseconds", Rounded(report.CachedInstantiationMicroseconds));
        writer.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, Rounded(number));
        }
    }

    private static double Rounded(double value) => Math.Round(value, 3);

    private sealed class LineProgress(TextWriter output) : IProgress<string>
    {
        public void Report(string value) => output.WriteLine($"measured {value}");
    }
}

using Hive.Silos;

namespace Hive.Silo.Hosting;

/// <summary>How fast the line to the hub is: how much longer a large message takes than an empty one.</summary>
internal static class LineSpeed
{
    private const int Runs = 3;
    private static readonly byte[] Large = new byte[IRegistryGrain.MaxPayload];

    /// <summary>Measures, by three empty and three large messages.</summary>
    /// <param name="registry">The hub.</param>
    /// <param name="time">The clock.</param>
    public static async Task<Bandwidth> MeasureAsync(IRegistryGrain registry, TimeProvider time)
    {
        var (empty, large) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var run = 0; run < Runs; run++)
        {
            empty = Least(empty, await TimeAsync(registry, [], time));
            large = Least(large, await TimeAsync(registry, Large, time));
        }

        return Of(Large.Length / Math.Max((large - empty).TotalSeconds, 1e-9));
    }

    /// <summary>The class of a rate in bytes a second.</summary>
    public static Bandwidth Of(double bytesPerSecond) => (bytesPerSecond * 8) switch
    {
        < 10e6 => Bandwidth.Slow,
        < 100e6 => Bandwidth.Broadband,
        < 1e9 => Bandwidth.Lan,
        _ => Bandwidth.Datacenter,
    };

    private static async Task<TimeSpan> TimeAsync(IRegistryGrain registry, byte[] payload, TimeProvider time)
    {
        var began = time.GetTimestamp();
        await registry.MeasureLineAsync(payload);
        return time.GetElapsedTime(began);
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

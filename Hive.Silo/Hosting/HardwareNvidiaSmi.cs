using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Hive.Silos;

namespace Hive.Silo.Hosting;

/// <summary>NVIDIA GPUs by the driver's command <c>nvidia-smi</c>. It gets a few seconds and may say a few kilobytes.</summary>
internal static class HardwareNvidiaSmi
{
    private const int MaxGpus = 64;
    private const int MaxOutput = 32 * 1024;
    private const int MaxText = 200;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Asks the command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellation">Stops asking.</param>
    /// <returns>The GPUs; none where there is no such command, or where it fails.</returns>
    public static async Task<ImmutableArray<Gpu>> ReadAsync(string command, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(command, ["--query-gpu=name,memory.total,driver_version", "--format=csv,noheader,nounits"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        try
        {
            using var process = Process.Start(start)!;
            return Parse(await OutputAsync(process, cancellation));
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            return [];
        }
    }

    /// <summary>Reads lines of <c>name, MiB, driver</c>; whatever is not one is passed over.</summary>
    /// <param name="output">What the command said.</param>
    public static ImmutableArray<Gpu> Parse(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Line).OfType<Gpu>().Take(MaxGpus)];

    private static Gpu? Line(string line)
    {
        // A name may hold commas; the two numbers behind it do not.
        var last = line.LastIndexOf(',');
        var middle = last > 0 ? line.LastIndexOf(',', last - 1) : -1;
        return middle > 0
            && long.TryParse(line.AsSpan((middle + 1)..last).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var memory)
            && memory is > 0 and < 1L << 30
            && Text(line[..middle]) is { } name
            && Text(line[(last + 1)..]) is { } driver
                ? new Gpu(name, memory, driver)
                : null;
    }

    private static string? Text(string text)
    {
        var trimmed = text.Trim();
        return trimmed.Length is > 0 and <= MaxText && !trimmed.Any(char.IsControl) ? trimmed : null;
    }

    /// <summary>What the process says until it ends, says too much or takes too long; in the latter cases it is ended and has said nothing.</summary>
    private static async Task<string> OutputAsync(Process process, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Longest);
        try
        {
            process.StandardInput.Close();
            var buffer = new char[MaxOutput];
            var read = await process.StandardOutput.ReadBlockAsync(buffer.AsMemory(), deadline.Token);
            if (read == MaxOutput)
            {
                return "";
            }

            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode == 0 ? new string(buffer, 0, read) : "";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return "";
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}

using System.Collections.Immutable;
using System.Globalization;
using Hive.Silos;

namespace Hive.Silo.Hosting;

/// <summary>The rule behind <c>--tier auto</c>: a tier for a machine, and why.</summary>
internal static class TierRule
{
    /// <summary>GPU memory from which a machine is a GPU server: models of tens of billions of parameters fit.</summary>
    public const long CoreGpuMiB = 40_000;

    /// <summary>GPU memory from which a machine serves models of 7 billion parameters.</summary>
    public const long WorkerGpuMiB = 6_000;

    /// <summary>Cores from which a machine without a GPU is a desktop.</summary>
    public const int WorkerCores = 4;

    /// <summary>Memory from which a machine without a GPU is a desktop: what is called 16 GB, less what firmware keeps.</summary>
    public const long WorkerMemoryMiB = 15_000;

    /// <summary>Chooses.</summary>
    /// <param name="hardware">What the machine can do.</param>
    /// <param name="brains">How many language models are configured on it.</param>
    public static TierChoice Choose(Hardware hardware, int brains)
    {
        var found = Found(hardware, brains);
        var (tier, why) = (brains, hardware.Gpus.Select(gpu => gpu.MemoryMiB).DefaultIfEmpty(0).Max()) switch
        {
            ( > 0, _) => (Tiers.Core, "a brain is configured"),
            (_, >= CoreGpuMiB) => (Tiers.Core, Text($"a GPU has {CoreGpuMiB:N0} MiB or more")),
            (_, >= WorkerGpuMiB) => (Tiers.Worker, Text($"a GPU has {WorkerGpuMiB:N0} MiB or more, none {CoreGpuMiB:N0}")),
            _ when hardware is { Cores: >= WorkerCores, MemoryMiB: >= WorkerMemoryMiB } =>
                (Tiers.Worker, Text($"{WorkerCores} cores or more with {WorkerMemoryMiB:N0} MiB or more, and no GPU that is more")),
            _ => (Tiers.Edge, Text($"less than {WorkerCores} cores or {WorkerMemoryMiB:N0} MiB, and no GPU with {WorkerGpuMiB:N0} MiB")),
        };
        return new TierChoice(tier, why, found);
    }

    private static ImmutableArray<string> Found(Hardware hardware, int brains)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        found.Add(hardware.Cores == 1 ? "1 core" : Text($"{hardware.Cores} cores"));
        found.Add(Text($"{hardware.MemoryMiB:N0} MiB of memory"));
        found.AddRange(hardware.Gpus.Select(gpu => Text($"GPU {gpu.Name} with {gpu.MemoryMiB:N0} MiB, driver {gpu.Driver}")));
        found.Add(hardware.Gpus.IsEmpty ? "no NVIDIA GPU" : "");
        found.Add(brains switch { 0 => "no brain", 1 => "1 brain", _ => Text($"{brains} brains") });
        return [.. found.Where(thing => thing.Length > 0)];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The tier that was chosen.</summary>
/// <param name="Tier">The tier.</param>
/// <param name="Why">The rule that chose it.</param>
/// <param name="Found">What was found, a thing an item.</param>
internal sealed record TierChoice(string Tier, string Why, ImmutableArray<string> Found);

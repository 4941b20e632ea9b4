namespace Hive.Silos;

/// <summary>Which silos are asked for; what is absent does not matter.</summary>
[GenerateSerializer, Immutable, Alias("hive.silo-query")]
public sealed record SiloQuery
{
    /// <summary>Of this tier.</summary>
    [Id(0)]
    public string? Tier { get; init; }

    /// <summary>With at least so many cores.</summary>
    [Id(1)]
    public int MinCores { get; init; }

    /// <summary>With at least so much memory, in MiB.</summary>
    [Id(2)]
    public long MinMemoryMiB { get; init; }

    /// <summary>With at least one GPU.</summary>
    [Id(3)]
    public bool Gpu { get; init; }

    /// <summary>With a GPU that has at least so much memory, in MiB.</summary>
    [Id(4)]
    public long MinGpuMemoryMiB { get; init; }

    /// <summary>That serves this model.</summary>
    [Id(5)]
    public string? Model { get; init; }

    /// <summary>Where this skill lies.</summary>
    [Id(6)]
    public string? Skill { get; init; }

    /// <summary>Whether a silo is one of those asked for.</summary>
    /// <param name="silo">The silo.</param>
    public bool Matches(SiloAnnouncement silo) =>
        (Tier is null || silo.Tier == Tier)
        && silo.Cores >= MinCores
        && silo.MemoryMiB >= MinMemoryMiB
        && (!Gpu || !silo.Gpus.IsEmpty)
        && (MinGpuMemoryMiB == 0 || silo.Gpus.Any(gpu => gpu.MemoryMiB >= MinGpuMemoryMiB))
        && (Model is null || silo.Models.Contains(Model))
        && (Skill is null || silo.Skills.Contains(Skill));
}

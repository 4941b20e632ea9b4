using System.Collections.Immutable;
using Hive.Brains;

namespace Hive.Silos;

/// <summary>What a hub takes of an announcement: what names a silo must be right, or the silo is refused; what merely describes it is brought within bounds.</summary>
internal static class AnnouncementRules
{
    public const int MaxName = 100;
    public const int MaxCores = 100_000;
    public const int MaxGpus = 64;
    public const int MaxModels = 256;
    public const int MaxSkills = 1_024;
    public const int MaxText = 200;
    public const double LongestLife = 600;

    private const long MaxMemoryMiB = 1L << 30;
    private const int MaxConcurrency = 65_536;
    private const decimal MaxPrice = 1_000_000m;
    private const double MaxSpeed = 1e6;

    /// <summary>The announcement within bounds; itself where it was.</summary>
    /// <exception cref="SiloRefusedException">It names no silo that a hub can take in.</exception>
    public static SiloAnnouncement Checked(SiloAnnouncement said)
    {
        if (Fault(said) is { } fault)
        {
            throw new SiloRefusedException(fault);
        }

        return IsWithinBounds(said) ? said : Clamped(said);
    }

    private static string? Fault(SiloAnnouncement said) => said switch
    {
        { Protocol: not SiloAnnouncement.CurrentProtocol } =>
            $"this silo announces itself in version {said.Protocol}, the hub speaks version {SiloAnnouncement.CurrentProtocol}; run the same version of Hive on both",
        { Name: null or "" or { Length: > MaxName } } => $"a silo's name has 1 to {MaxName} characters; give it one with --name",
        _ when said.Name.AsSpan().IndexOfAny("@/ ") >= 0 || said.Name.Any(char.IsControl) =>
            $"'{Printable(said.Name)}' is no name for a silo: no '@', '/', spaces or control characters; give it another with --name",
        { Tier: null } => $"silo '{said.Name}' says no tier; a silo is of {string.Join(", ", Tiers.All)}",
        _ when !Tiers.All.Contains(said.Tier) => $"'{Printable(said.Tier)}' is no tier; silo '{said.Name}' is of {string.Join(", ", Tiers.All)}: set --tier",
        { Incarnation: null or { Length: > MaxText } } => $"silo '{said.Name}' names its life in more than {MaxText} characters",
        { Cores: < 1 or > MaxCores } => $"silo '{said.Name}' announces {said.Cores} cores; it must be 1 to {MaxCores:N0}: set --cores",
        _ when !(said.SecondsToLive > 0) => $"silo '{said.Name}' announces itself for {said.SecondsToLive} s; it must be above 0",
        _ => null,
    };

    private static bool IsWithinBounds(SiloAnnouncement said) =>
        said.SecondsToLive <= LongestLife
        && said.MemoryMiB is >= 0 and <= MaxMemoryMiB
        && said.CoreSpeed is >= 0 and <= MaxSpeed
        && said.RunningAgents is null or >= 0
        && said.FreePlaces is null or >= 0
        && !said.Gpus.IsDefault && said.Gpus.Length <= MaxGpus && said.Gpus.All(gpu => gpu is { Name.Length: <= MaxText, Driver.Length: <= MaxText, MemoryMiB: >= 0 and <= MaxMemoryMiB })
        && IsWithinBounds(said.Models, MaxModels)
        && IsWithinBounds(said.Skills, MaxSkills)
        && !said.Brains.IsDefault && said.Brains.Length <= SiloAnnouncement.MaxBrains && said.Brains.All(IsWithinBounds)
        && Enum.IsDefined(said.Bandwidth);

    /// <summary>A brain that is out of bounds is left out: what it costs and takes is what budgets are reckoned with, and must not be guessed.</summary>
    private static bool IsWithinBounds(BrainOffer brain) => brain is
    {
        Name.Length: > 0 and <= 64,
        Model.Length: > 0 and <= MaxText,
        MaxConcurrency: >= 1 and <= MaxConcurrency,
        ContextTokens: >= 1 and <= 100_000_000,
        PricePerMillionIn: >= 0 and <= MaxPrice,
        PricePerMillionOut: >= 0 and <= MaxPrice,
    }
        && brain.Name.AsSpan().IndexOfAny("@/ ") < 0 && Tiers.All.Contains(brain.Tier);

    private static bool IsWithinBounds(ImmutableArray<string> names, int most) =>
        !names.IsDefault && names.Length <= most && names.All(name => name is { Length: > 0 and <= MaxText });

    private static SiloAnnouncement Clamped(SiloAnnouncement said) => said with
    {
        SecondsToLive = Math.Min(said.SecondsToLive, LongestLife),
        MemoryMiB = Math.Clamp(said.MemoryMiB, 0, MaxMemoryMiB),
        CoreSpeed = said.CoreSpeed > 0 ? Math.Min(said.CoreSpeed, MaxSpeed) : 0,
        RunningAgents = said.RunningAgents is { } running ? Math.Max(0, running) : null,
        FreePlaces = said.FreePlaces is { } free ? Math.Max(0, free) : null,
        Gpus = said.Gpus.IsDefault ? [] : [.. said.Gpus.Take(MaxGpus).Where(gpu => gpu is { Name: not null, Driver: not null }).Select(Clamped)],
        Models = Clamped(said.Models, MaxModels),
        Skills = Clamped(said.Skills, MaxSkills),
        Brains = said.Brains.IsDefault ? [] : [.. said.Brains.Where(IsWithinBounds).Take(SiloAnnouncement.MaxBrains)],
        Bandwidth = Enum.IsDefined(said.Bandwidth) ? said.Bandwidth : Bandwidth.Unknown,
    };

    private static Gpu Clamped(Gpu gpu) => new(Shortened(gpu.Name), Math.Clamp(gpu.MemoryMiB, 0, MaxMemoryMiB), Shortened(gpu.Driver));

    private static ImmutableArray<string> Clamped(ImmutableArray<string> names, int most) =>
        names.IsDefault ? [] : [.. names.Take(most).Where(name => name is { Length: > 0 and <= MaxText })];

    private static string Shortened(string text) => text.Length <= MaxText ? text : text[..MaxText];

    private static string Printable(string text) =>
        new([.. text.Take(40).Select(character => char.IsControl(character) ? '?' : character)]);
}

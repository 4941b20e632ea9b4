using System.Collections.Immutable;

namespace Hive.Silos;

/// <summary>What a silo offers, and how it fares. It carries durations and no times of day, so that clocks that disagree have no effect.</summary>
/// <param name="Name">The silo's name, unique in its hive.</param>
/// <param name="Tier">Its tier: <c>edge</c>, <c>worker</c> or <c>core</c>.</param>
/// <param name="Cores">How many attempts it runs at once.</param>
/// <param name="SecondsToLive">How long this announcement holds, in seconds, unless it is renewed.</param>
[GenerateSerializer, Immutable, Alias("hive.silo-announcement")]
public sealed record SiloAnnouncement(
    [property: Id(0)] string Name,
    [property: Id(1)] string Tier,
    [property: Id(2)] int Cores,
    [property: Id(3)] double SecondsToLive)
{
    /// <summary>The version of the announcements that this build speaks. A hub refuses silos of another.</summary>
    public const int CurrentProtocol = 1;

    /// <summary>Which life of the silo speaks: random, new with every process. Two lives of one name are not there at once.</summary>
    [Id(4)]
    public string Incarnation { get; init; } = "";

    /// <summary>The version of the announcements that the silo speaks.</summary>
    [Id(5)]
    public int Protocol { get; init; } = CurrentProtocol;

    /// <summary>Its memory in MiB, what a container leaves of it; 0: not known.</summary>
    [Id(6)]
    public long MemoryMiB { get; init; }

    /// <summary>Its NVIDIA GPUs.</summary>
    [Id(7)]
    public ImmutableArray<Gpu> Gpus { get; init; } = [];

    /// <summary>How fast its line to the hub is, as measured.</summary>
    [Id(8)]
    public Bandwidth Bandwidth { get; init; }

    /// <summary>The names of the models that it serves.</summary>
    [Id(9)]
    public ImmutableArray<string> Models { get; init; } = [];

    /// <summary>The addresses of the skills that lie on it, compiled.</summary>
    [Id(10)]
    public ImmutableArray<string> Skills { get; init; } = [];

    /// <summary>How many attempts it holds, at work or waiting for a place; absent: it does not say.</summary>
    [Id(11)]
    public int? RunningAgents { get; init; }

    /// <summary>How many more attempts it could run at once; absent: it does not say.</summary>
    [Id(12)]
    public int? FreePlaces { get; init; }

    /// <summary>How fast one of its cores is: millions of steps of Hive's random generator a second, as measured; 0: not known.</summary>
    [Id(13)]
    public double CoreSpeed { get; init; }

    /// <summary>The how-many-th announcement of this life it is, from 1; 0 where nobody counts.</summary>
    [Id(14)]
    public long Sequence { get; init; }

    /// <summary>The brains that it can ask; at most <see cref="MaxBrains"/>.</summary>
    [Id(15)]
    public ImmutableArray<Brains.BrainOffer> Brains { get; init; } = [];

    /// <summary>How many brains a silo offers at most.</summary>
    public const int MaxBrains = 256;
}

/// <summary>A GPU as its driver describes it.</summary>
/// <param name="Name">Its name, such as <c>NVIDIA H200</c>.</param>
/// <param name="MemoryMiB">Its memory in MiB.</param>
/// <param name="Driver">The driver's version.</param>
[GenerateSerializer, Immutable, Alias("hive.gpu")]
public sealed record Gpu([property: Id(0)] string Name, [property: Id(1)] long MemoryMiB, [property: Id(2)] string Driver);

/// <summary>How fast a line is.</summary>
public enum Bandwidth
{
    /// <summary>Not measured yet.</summary>
    Unknown,

    /// <summary>Below 10 Mbit/s.</summary>
    Slow,

    /// <summary>From 10 Mbit/s.</summary>
    Broadband,

    /// <summary>From 100 Mbit/s.</summary>
    Lan,

    /// <summary>From 1 Gbit/s.</summary>
    Datacenter,
}

/// <summary>What the hub asks of a silo that announced itself: fewer announcements, the more silos there are.</summary>
/// <param name="EverySeconds">How often it is to announce itself, in seconds.</param>
/// <param name="SecondsToLive">How long each announcement is to hold, in seconds.</param>
[GenerateSerializer, Immutable, Alias("hive.announcement-terms")]
public sealed record AnnouncementTerms([property: Id(0)] double EverySeconds, [property: Id(1)] double SecondsToLive);

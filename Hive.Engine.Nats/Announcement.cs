using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Hive.Engine.Nats;

/// <summary>How a silo makes itself known: JSON, so that a person who listens on the subject understands it. It is sent again and again, the same bytes as long as nothing changes.</summary>
internal sealed record Announcement
{
    /// <summary>The most bytes of one.</summary>
    public const int MaxBytes = 32_768;

    private const int MaxName = 100;
    private const int MaxEntries = 256;

    public int Version { get; init; }

    /// <summary>One life of the silo's process.</summary>
    public Guid Incarnation { get; init; }

    /// <summary>How often the process has connected: a higher one means that what was under way before is lost.</summary>
    public int Session { get; init; }

    public string Name { get; init; } = "";

    public string Address { get; init; } = "";

    /// <summary>Where the silo takes calls.</summary>
    public string Subject { get; init; } = "";

    public bool IsHub { get; init; }

    /// <summary>Which of two hubs is the later one.</summary>
    public long Rank { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public Dictionary<string, string> Metadata { get; init; } = [];

    public string[] GrainTypes { get; init; } = [];

    /// <summary>The silo has ended.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>Why a hub does not take the silo in; in its answer alone.</summary>
    public string? Refusal { get; init; }

    /// <summary>The same may be taken in some seconds later, because what stands against it may be the silo's own life before.</summary>
    public bool MayPass { get; init; }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, AnnouncementJson.Default.Announcement);

    /// <summary>Reads one; null where the bytes are none that could be true.</summary>
    public static Announcement? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, AnnouncementJson.Default.Announcement) is { } read && read.IsPlausible ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public SiloDescription? Describe()
    {
        try
        {
            return new SiloDescription(
                Name,
                SiloAddress.FromParsableString(Address),
                SiloMetadata.Of(Metadata),
                StartedAt,
                GrainTypes.Select(GrainType.Create).ToHashSet());
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private bool IsPlausible =>
        Name is { Length: > 0 and <= MaxName } && Address is { Length: > 0 and <= MaxName } && Subject is { Length: <= MaxEntries } && Incarnation != Guid.Empty
        && Metadata is { Count: <= MaxEntries } && GrainTypes is { Length: <= MaxEntries * 4 };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, MaxDepth = 4)]
[JsonSerializable(typeof(Announcement))]
internal sealed partial class AnnouncementJson : JsonSerializerContext;

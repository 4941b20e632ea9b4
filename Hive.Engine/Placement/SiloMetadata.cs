using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace Orleans.Runtime.MembershipService.SiloMetadata;

/// <summary>What a silo says of itself, as names and values; it does not change in the silo's life.</summary>
public record SiloMetadata
{
    /// <summary>Of a silo that says nothing of itself.</summary>
    public static SiloMetadata Empty { get; } = new();

    /// <summary>Names to values.</summary>
    public ImmutableDictionary<string, string> Metadata { get; private init; } = ImmutableDictionary<string, string>.Empty;

    internal static SiloMetadata Of(IEnumerable<KeyValuePair<string, string>> entries) =>
        new() { Metadata = ImmutableDictionary.CreateRange(StringComparer.Ordinal, entries) };
}

/// <summary>Tells what each silo of the cluster says of itself.</summary>
public interface ISiloMetadataCache
{
    /// <summary>What the silo says of itself; <see cref="SiloMetadata.Empty"/> for one that is not known.</summary>
    SiloMetadata GetSiloMetadata(SiloAddress siloAddress);
}

/// <summary>Sets a silo's metadata.</summary>
public static class SiloMetadataHostingExtensions
{
    private const string SectionPath = "Orleans:Metadata";

    /// <summary>Sets the metadata from the configuration section <c>Orleans:Metadata</c>.</summary>
    public static ISiloBuilder UseSiloMetadata(this ISiloBuilder builder) => builder.UseSiloMetadata(builder.Configuration);

    /// <summary>Sets the metadata from the section <c>Orleans:Metadata</c> of <paramref name="configuration"/>.</summary>
    public static ISiloBuilder UseSiloMetadata(this ISiloBuilder builder, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return builder.UseSiloMetadata(configuration.GetSection(SectionPath));
    }

    /// <summary>Sets the metadata from the children of <paramref name="configurationSection"/>.</summary>
    public static ISiloBuilder UseSiloMetadata(this ISiloBuilder builder, IConfigurationSection configurationSection)
    {
        ArgumentNullException.ThrowIfNull(configurationSection);
        return builder.UseSiloMetadata(configurationSection.GetChildren()
            .Where(child => child.Value is not null)
            .ToDictionary(child => child.Key, child => child.Value!, StringComparer.Ordinal));
    }

    /// <summary>Sets the metadata.</summary>
    public static ISiloBuilder UseSiloMetadata(this ISiloBuilder builder, Dictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(metadata);
        builder.Services.AddSingleton(SiloMetadata.Of(metadata));
        return builder;
    }
}

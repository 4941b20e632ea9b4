using System.Globalization;
using System.Net;

namespace Orleans.Runtime;

/// <summary>
/// The identity of one life of one silo: where it listens, and a number that no other life has. Written <c>host:port@generation</c>.
/// </summary>
public sealed class SiloAddress : IEquatable<SiloAddress>, IComparable<SiloAddress>
{
    private SiloAddress(IPEndPoint endpoint, int generation)
    {
        Endpoint = endpoint;
        Generation = generation;
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>Which life of which silo this is, of those that listened there.</summary>
    public int Generation { get; }

    /// <summary>Makes an address.</summary>
    public static SiloAddress New(IPEndPoint ep, int gen)
    {
        ArgumentNullException.ThrowIfNull(ep);
        return new SiloAddress(ep, gen);
    }

    /// <summary>Makes an address.</summary>
    public static SiloAddress New(IPAddress address, int port, int generation) => New(new IPEndPoint(address, port), generation);

    /// <summary>Reads what <see cref="ToParsableString"/> writes.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static SiloAddress FromParsableString(string addr)
    {
        ArgumentNullException.ThrowIfNull(addr);
        var at = addr.LastIndexOf('@');
        return at > 0
            && IPEndPoint.TryParse(addr.AsSpan(0, at), out var endpoint)
            && int.TryParse(addr.AsSpan(at + 1), NumberStyles.Integer, CultureInfo.InvariantCulture, out var generation)
            ? new SiloAddress(endpoint, generation)
            : throw new FormatException($"'{addr}' is not a silo address: expected host:port@generation.");
    }

    /// <summary>Writes <c>host:port@generation</c>.</summary>
    public string ToParsableString() => ToString();

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Endpoint}@{Generation}");

    /// <inheritdoc/>
    public bool Equals(SiloAddress? other) =>
        ReferenceEquals(this, other) || (other is not null && Generation == other.Generation && Endpoint.Equals(other.Endpoint));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SiloAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Endpoint, Generation);

    /// <summary>Orders by generation, then by place.</summary>
    public int CompareTo(SiloAddress? other)
    {
        if (other is null) return 1;
        var byGeneration = Generation.CompareTo(other.Generation);
        if (byGeneration != 0) return byGeneration;
        var byHost = string.CompareOrdinal(Endpoint.Address.ToString(), other.Endpoint.Address.ToString());
        return byHost != 0 ? byHost : Endpoint.Port.CompareTo(other.Endpoint.Port);
    }
}

using System.Security.Cryptography;

namespace Hive.Leaderboards;

/// <summary>
/// What an agent says an experiment gave. Every claim there is keeps the rules: it cannot be made otherwise. Two claims are the same only where all their parts are, so a
/// second claim about one experiment is another claim.
/// </summary>
public sealed record Claim
{
    /// <summary>The most characters of an agent's name: letters, digits and <c>- _ . @ / :</c>.</summary>
    public const int MaxAgent = 128;

    /// <summary>The most characters of an experiment's id, of the same letters.</summary>
    public const int MaxExperiment = 64;

    /// <summary>The most bytes of a configuration: a JSON object in UTF-8.</summary>
    public const int MaxConfigurationBytes = 600;

    private ulong _hash;

    /// <summary>A claim.</summary>
    /// <param name="agent">Who claims.</param>
    /// <param name="experiment">The id of the experiment, unique to its agent.</param>
    /// <param name="value">The metric's value; finite.</param>
    /// <param name="configuration">What was tried: a JSON object.</param>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="at">When it was claimed.</param>
    /// <exception cref="ArgumentException">A part breaks its rule; the message says which.</exception>
    public Claim(string agent, string experiment, double value, string configuration, ulong seed, HybridTimestamp at)
        : this(value, seed, at, agent, experiment, configuration)
    {
        if (ClaimRules.Mistake(this) is { } mistake)
        {
            throw new ArgumentException(mistake);
        }
    }

    private Claim(double value, ulong seed, HybridTimestamp at, string agent, string experiment, string configuration) =>
        (Agent, Experiment, Value, Configuration, Seed, At) = (agent, experiment, value + 0.0, configuration, seed, at);

    /// <summary>Who claims.</summary>
    public string Agent { get; }

    /// <summary>The id of the experiment, unique to its agent.</summary>
    public string Experiment { get; }

    /// <summary>The metric's value; finite, and never negative zero.</summary>
    public double Value { get; }

    /// <summary>What was tried: a JSON object.</summary>
    public string Configuration { get; }

    /// <summary>The experiment's seed.</summary>
    public ulong Seed { get; }

    /// <summary>When it was claimed, by the claiming agent's clock: of equal claims the earlier ranks first, nothing else depends on it.</summary>
    public HybridTimestamp At { get; }

    /// <summary>64 bits of the SHA-256 of the claim's serialised form, reckoned when first asked for.</summary>
    internal ulong Hash
    {
        get
        {
            if (_hash == 0)
            {
                var writer = new PacketWriter();
                writer.Claim(this);
                Span<byte> sum = stackalloc byte[SHA256.HashSizeInBytes];
                SHA256.HashData(writer.Written, sum);
                _hash = BitConverter.ToUInt64(sum) | 1;
            }

            return _hash;
        }
    }

    /// <summary>Whether all parts are the same.</summary>
    /// <param name="other">The other claim.</param>
    public bool Equals(Claim? other) => ReferenceEquals(this, other) || (other is not null && Value == other.Value && At == other.At && Seed == other.Seed
        && Experiment == other.Experiment && Agent == other.Agent && Configuration == other.Configuration);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Agent, Experiment, Value, At);

    /// <summary>A claim of parts that were checked already.</summary>
    internal static Claim Checked(string agent, string experiment, double value, string configuration, ulong seed, HybridTimestamp at) =>
        new(value, seed, at, agent, experiment, configuration);
}

/// <summary>What became of a claim. It only ever moves up, so a claim that was struck stays struck.</summary>
public enum ClaimStatus : byte
{
    /// <summary>Nobody has tried to replicate it.</summary>
    Claimed,

    /// <summary>Others replicated it.</summary>
    Verified,

    /// <summary>It did not replicate: it no longer ranks. This outweighs an earlier verification.</summary>
    Refuted,
}

/// <summary>A claim and what became of it.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Status">What became of it.</param>
public sealed record JudgedClaim(Claim Claim, ClaimStatus Status);

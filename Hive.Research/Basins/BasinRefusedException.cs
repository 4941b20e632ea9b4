namespace Hive.Basins;

/// <summary>Why something that came from outside is not taken.</summary>
public enum RefusalReason
{
    /// <summary>More bytes than a packet, a delta or a file may have.</summary>
    Oversized,

    /// <summary>Not JSON, or only the beginning of it.</summary>
    NotJson,

    /// <summary>JSON, but not in the canonical form that its address is the hash of.</summary>
    NotCanonical,

    /// <summary>A member is missing, unknown or out of range.</summary>
    Malformed,

    /// <summary>Numbers that are no distribution.</summary>
    NoDistribution,

    /// <summary>Of another domain, or of other data.</summary>
    OtherDomain,

    /// <summary>Of another space of techniques.</summary>
    OtherSpace,

    /// <summary>Its bytes do not have the address that it goes by.</summary>
    OtherAddress,

    /// <summary>The signature is not of these bytes by this key.</summary>
    BadSignature,

    /// <summary>Signed by nobody who is trusted.</summary>
    UnknownKey,

    /// <summary>A delta at a point that is not among the recent ones.</summary>
    UnknownBase,

    /// <summary>A weight of nothing: no capacity or no trust.</summary>
    NoWeight,

    /// <summary>It names no claim that replicated, or does not lead where its claims do.</summary>
    NoEvidence,

    /// <summary>It lies too far out.</summary>
    Outlier,

    /// <summary>A bound on how much is kept is reached.</summary>
    Full,
}

/// <summary>Something from outside is not taken; nothing was changed by it.</summary>
/// <param name="reason">Why.</param>
/// <param name="message">What, where, and how to mend it.</param>
public sealed class BasinRefusedException(RefusalReason reason, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public RefusalReason Reason { get; } = reason;
}

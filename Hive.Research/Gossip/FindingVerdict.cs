namespace Hive.Gossip;

/// <summary>What was done with a message that came as a finding.</summary>
public enum FindingVerdict
{
    /// <summary>It was handed on.</summary>
    Heard,

    /// <summary>It is no finding, or claims what cannot be. It costs the sender reputation.</summary>
    Malformed,

    /// <summary>It is about another domain or other data.</summary>
    OtherData,

    /// <summary>It was heard before.</summary>
    Repeated,

    /// <summary>It does not bear its agent's signature.</summary>
    Unsigned,

    /// <summary>Its agent is not trusted.</summary>
    Distrusted,

    /// <summary>Its agent says too much.</summary>
    TooMany,
}

using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>A stale write was refused: what is stored carries another ETag than the writer had read.</summary>
public class InconsistentStateException : OrleansException
{
    /// <summary>Makes the exception with a general message.</summary>
    public InconsistentStateException()
        : this("The stored state has changed since it was read.")
    {
    }

    /// <summary>Makes the exception.</summary>
    public InconsistentStateException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with what caused it.</summary>
    public InconsistentStateException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception with both ETags.</summary>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
        : base($"{errorMsg} Stored ETag: {storedEtag ?? "none"}; the writer's: {currentEtag ?? "none"}.")
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    /// <summary>The ETag in the storage, if known; null where nothing is stored.</summary>
    public string? StoredEtag { get; }

    /// <summary>The ETag that the writer had; null where it had read nothing.</summary>
    public string? CurrentEtag { get; }
}

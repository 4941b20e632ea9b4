namespace Orleans.Runtime;

/// <summary>A failure of the engine rather than of a grain's own code.</summary>
public class OrleansException : Exception
{
    /// <summary>Makes the exception with a general message.</summary>
    public OrleansException()
        : base("Unexpected error.")
    {
    }

    /// <summary>Makes the exception.</summary>
    public OrleansException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with what caused it.</summary>
    public OrleansException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A call was refused before it ran, or lost while it ran.</summary>
public class OrleansMessageRejectionException : OrleansException
{
    internal OrleansMessageRejectionException(string message)
        : base(message)
    {
    }

    internal OrleansMessageRejectionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The silo that ran or held the call is gone; whether the call ran is unknown.</summary>
public sealed class SiloUnavailableException : OrleansMessageRejectionException
{
    /// <summary>Makes the exception with a general message.</summary>
    public SiloUnavailableException()
        : base("The silo is unavailable.")
    {
    }

    /// <summary>Makes the exception.</summary>
    public SiloUnavailableException(string msg)
        : base(msg)
    {
    }

    /// <summary>Makes the exception with what caused it.</summary>
    public SiloUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A bound was reached: a queue is full. What was offered has not been taken.</summary>
public sealed class LimitExceededException : OrleansException
{
    /// <summary>Makes the exception with a general message.</summary>
    public LimitExceededException()
        : base("Limit exceeded.")
    {
    }

    /// <summary>Makes the exception.</summary>
    public LimitExceededException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with what caused it.</summary>
    public LimitExceededException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The host is set up in a way that cannot work; the message says how to mend it.</summary>
public sealed class OrleansConfigurationException : Exception
{
    /// <summary>Makes the exception.</summary>
    public OrleansConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with what caused it.</summary>
    public OrleansConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>An async stream of a grain was broken off: its activation ended, or nobody asked for the next element for long.</summary>
public sealed class EnumerationAbortedException : Exception
{
    /// <summary>Makes the exception with a general message.</summary>
    public EnumerationAbortedException()
    {
    }

    /// <summary>Makes the exception.</summary>
    public EnumerationAbortedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with what caused it.</summary>
    public EnumerationAbortedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The client that made an observer is gone.</summary>
public sealed class ClientNotAvailableException : OrleansException
{
    internal ClientNotAvailableException(string message)
        : base(message)
    {
    }
}

using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>Bytes are not the message that they are read as, or a message is nested too deeply to be written. Nothing of it was used.</summary>
public sealed class WireFormatException : OrleansException
{
    /// <summary>Makes the exception with a general message.</summary>
    public WireFormatException()
        : base("The bytes are not a message of this format.")
    {
    }

    /// <summary>Makes the exception.</summary>
    public WireFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with what caused it.</summary>
    public WireFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A value was to be sent whose type says nothing of how it travels. The message names the type, where it was met, and what mends it.</summary>
public sealed class CodecNotFoundException : OrleansException
{
    /// <summary>Makes the exception.</summary>
    public CodecNotFoundException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with what caused it.</summary>
    public CodecNotFoundException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

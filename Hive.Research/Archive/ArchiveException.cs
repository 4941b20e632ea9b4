namespace Hive.Archive;

/// <summary>The archive cannot be opened or written; the message says in one line what is wrong, where, and how to mend it. Research goes on without it.</summary>
public sealed class ArchiveException : Exception
{
    /// <summary>The archive failed.</summary>
    /// <param name="message">What is wrong, where, and how to mend it.</param>
    /// <param name="innerException">What it came from.</param>
    public ArchiveException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

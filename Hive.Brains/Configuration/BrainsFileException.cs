namespace Hive.Brains.Configuration;

/// <summary>A hive.json cannot be worked with; the message is one line with every mistake, its path, and how to mend it.</summary>
/// <param name="message">The line.</param>
public sealed class BrainsFileException(string message) : Exception(message);

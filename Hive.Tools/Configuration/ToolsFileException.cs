namespace Hive.Tools.Configuration;

/// <summary>What a hive.json says of tools cannot be worked with; the message is one line with the mistakes, their paths, and how to mend them.</summary>
/// <param name="message">The line.</param>
public sealed class ToolsFileException(string message) : Exception(message);

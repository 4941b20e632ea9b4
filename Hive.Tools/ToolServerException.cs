namespace Hive.Tools;

/// <summary>A tool server cannot be reached, or says what no client can work with.</summary>
/// <param name="message">Why, in one line, and how to mend it where that is known.</param>
internal sealed class ToolServerException(string message) : Exception(message);

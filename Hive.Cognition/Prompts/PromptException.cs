namespace Hive.Cognition.Prompts;

/// <summary>A prompt's file cannot be used.</summary>
/// <param name="message">Which file and line, what is wrong there, and how to mend it.</param>
/// <param name="inner">What it came of.</param>
public sealed class PromptException(string message, Exception? inner = null) : Exception(message, inner);

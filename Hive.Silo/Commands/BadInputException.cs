namespace Hive.Silo.Commands;

/// <summary>The user's input cannot be worked with; the message is one line: what, where, how to mend it.</summary>
internal sealed class BadInputException(string message) : Exception(message);

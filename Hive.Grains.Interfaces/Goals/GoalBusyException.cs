namespace Hive.Goals;

/// <summary>Another process is at work on the goal.</summary>
/// <param name="message">Who, since when.</param>
[GenerateSerializer, Alias("hive.goal-busy")]
public sealed class GoalBusyException(string message) : InvalidOperationException(message);

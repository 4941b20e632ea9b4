namespace Hive.Goals;

/// <summary>A goal's log does not tell a life that this version of Hive can go on with; nothing of it was changed.</summary>
/// <param name="message">What does not fit, and what to do.</param>
[GenerateSerializer, Alias("hive.goal-history")]
public sealed class GoalHistoryException(string message) : Exception(message);

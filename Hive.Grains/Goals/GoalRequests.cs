namespace Hive.Goals;

/// <summary>What a process may leave in the database for whoever runs a goal.</summary>
public static class GoalRequests
{
    /// <summary>Call the goal off.</summary>
    public const string Cancel = "cancel";
}

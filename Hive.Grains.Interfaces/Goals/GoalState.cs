namespace Hive.Goals;

/// <summary>Where a goal is in its life: Accepted → Planning → Exploring → Judging → Joining → [AwaitingApproval] → one of the four ends.</summary>
public enum GoalState
{
    /// <summary>Recorded; nothing has been done yet.</summary>
    Accepted,

    /// <summary>The objective is being turned into tasks.</summary>
    Planning,

    /// <summary>Attempts are under way.</summary>
    Exploring,

    /// <summary>Candidates are being judged.</summary>
    Judging,

    /// <summary>The survivors are being joined into one outcome.</summary>
    Joining,

    /// <summary>The outcome waits for a person.</summary>
    AwaitingApproval,

    /// <summary>Ended: the outcome is verified and is what was asked for.</summary>
    Done,

    /// <summary>Ended: the budget is gone; the best verified result so far is returned, with what is missing.</summary>
    Exhausted,

    /// <summary>Ended: no outcome could be had, and why is said.</summary>
    Failed,

    /// <summary>Ended: somebody called it off.</summary>
    Cancelled,
}

/// <summary>What a goal's state means.</summary>
public static class GoalStates
{
    /// <summary>Whether a state is one of the four ends.</summary>
    /// <param name="state">The state.</param>
    public static bool IsEnd(this GoalState state) => state >= GoalState.Done;
}

namespace Hive.Scheduling;

/// <summary>A task of a round as the scheduler sees it.</summary>
/// <param name="Index">Its place in the round.</param>
/// <param name="Tier">The tier that it must run on; absent: the cheapest that is here.</param>
/// <param name="Agent">The agent that is to run it.</param>
/// <param name="Remembers">Whether the agent goes on with what it remembers, so that it had better be where it was.</param>
/// <param name="Work">How much work it is, above 0.</param>
internal readonly record struct ScheduledTask(int Index, string? Tier, int Agent, bool Remembers, double Work);

/// <summary>One task given to one silo.</summary>
/// <param name="task">The task.</param>
/// <param name="silo">The silo.</param>
/// <param name="began">When, in seconds on the scheduler's clock.</param>
internal sealed class Assignment(ScheduledTask task, SiloLoad silo, double began)
{
    public ScheduledTask Task => task;

    public SiloLoad Silo => silo;

    public double Began => began;

    public double Work => task.Work;

    /// <summary>The silo's announcement when the task was given to it.</summary>
    public long Sequence { get; } = silo.Silo.Sequence;

    /// <summary>Its place among what the silo has under way; absent once it ended.</summary>
    public LinkedListNode<Assignment>? Node { get; set; }

    /// <summary>Whether the task was given to another silo too, because this one was gone.</summary>
    public bool HasTwin { get; set; }
}

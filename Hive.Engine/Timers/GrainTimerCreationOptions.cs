using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>How a grain timer ticks.</summary>
public readonly struct GrainTimerCreationOptions
{
    /// <summary>A timer that is off until both times are set.</summary>
    public GrainTimerCreationOptions()
    {
    }

    /// <summary>A timer of these times.</summary>
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>From now to the first tick; <see cref="Timeout.InfiniteTimeSpan"/>: never.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>From the end of a tick to the next; <see cref="Timeout.InfiniteTimeSpan"/>: there is no next.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Whether ticks may interleave with calls, and they with ticks, at every await.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether a tick counts as use, so that the grain is not collected as idle.</summary>
    public bool KeepAlive { get; init; }
}

/// <summary>A running timer of a grain. It ends with its activation, or when disposed of.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets new times; a tick that runs now is not disturbed.</summary>
    void Change(TimeSpan dueTime, TimeSpan period);
}

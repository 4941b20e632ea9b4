namespace Hive.Brains;

/// <summary>A call to a brain failed.</summary>
/// <param name="fault">How.</param>
/// <param name="mayHaveBeenPaid">Whether the model may have worked on it, so that it counts as paid for in full.</param>
/// <param name="message">What happened, where, and how to mend it.</param>
/// <param name="inner">What it came of.</param>
public sealed class BrainException(BrainFault fault, bool mayHaveBeenPaid, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>How it failed.</summary>
    public BrainFault Fault { get; } = fault;

    /// <summary>Whether the model may have worked on it; false only where that is certain: nothing was sent, or the server refused it unread.</summary>
    public bool MayHaveBeenPaid { get; } = mayHaveBeenPaid;
}

/// <summary>How a call to a brain failed.</summary>
public enum BrainFault
{
    /// <summary>No connection could be had, or the brain is shut off for a while after many failures; nothing was sent.</summary>
    Unreachable,

    /// <summary>The server had no room (429, 503), for longer than a caller waits.</summary>
    Busy,

    /// <summary>The server refuses the call as it is (4xx): another try fails the same way.</summary>
    Refused,

    /// <summary>The server failed (5xx).</summary>
    Broken,

    /// <summary>The answer took too long.</summary>
    TimedOut,

    /// <summary>The answer ended in its middle.</summary>
    CutOff,

    /// <summary>The answer is none that the protocol knows.</summary>
    Malformed,
}

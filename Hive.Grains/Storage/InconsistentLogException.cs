namespace Hive.Storage;

/// <summary>
/// An append did not continue the log where it ends: somebody else has written to this goal, or the caller missed a
/// write of its own. Nothing of the append was recorded; read the log again before going on.
/// </summary>
[GenerateSerializer, Alias("hive.inconsistent-log")]
public sealed class InconsistentLogException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="goal">The goal whose log was to be continued.</param>
    /// <param name="expectedSequence">The sequence that the next entry must have, or null when only the conflict is known.</param>
    /// <param name="sequence">The sequence of the first entry that was refused.</param>
    /// <param name="innerException">What the provider threw, if it did.</param>
    public InconsistentLogException(string goal, long? expectedSequence, long sequence, Exception? innerException = null)
        : base(Describe(goal, expectedSequence, sequence), innerException)
    {
        Goal = goal;
        ExpectedSequence = expectedSequence;
        Sequence = sequence;
    }

    /// <summary>The goal whose log was to be continued.</summary>
    [Id(0)]
    public string Goal { get; }

    /// <summary>The sequence that the next entry must have; null when another writer came first at the same instant.</summary>
    [Id(1)]
    public long? ExpectedSequence { get; }

    /// <summary>The sequence of the first entry that was refused.</summary>
    [Id(2)]
    public long Sequence { get; }

    private static string Describe(string goal, long? expected, long sequence) => expected is { } next
        ? $"The log of goal '{goal}' goes on at sequence {next}, not {sequence}: another writer was there. Read the log again before appending."
        : $"Sequence {sequence} of goal '{goal}' was written by another writer at the same instant. Read the log again before appending.";
}

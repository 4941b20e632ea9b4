namespace Hive.Wasm.Spec;

internal enum OutcomeKind
{
    Passed,
    Failed,
    Skipped,
}

/// <summary>What became of one command, and why if it did not pass.</summary>
internal readonly record struct Outcome(OutcomeKind Kind, string Reason)
{
    public static Outcome Passed { get; } = new(OutcomeKind.Passed, "");

    public static Outcome Failed(string reason) => new(OutcomeKind.Failed, reason);

    public static Outcome Skipped(string reason) => new(OutcomeKind.Skipped, reason);
}

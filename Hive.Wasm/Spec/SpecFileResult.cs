namespace Hive.Wasm.Spec;

/// <summary>What became of the commands of one test script.</summary>
/// <param name="File">The script's file name.</param>
/// <param name="Passed">How many commands did what the script says they do: assertions, actions, modules.</param>
/// <param name="Failures">The commands that did something else, in the script's order.</param>
/// <param name="Skips">The commands that need a proposal which is not supported, in the script's order.</param>
public sealed record SpecFileResult(string File, int Passed, IReadOnlyList<SpecNote> Failures, IReadOnlyList<SpecNote> Skips)
{
    /// <summary>How many commands failed.</summary>
    public int Failed => Failures.Count;

    /// <summary>How many commands were skipped; each has its reason in <see cref="Skips"/>.</summary>
    public int Skipped => Skips.Count;
}

/// <summary>Why one command of a script failed or was skipped.</summary>
/// <param name="Line">The line it stands on, from 1; 0 for the script as a whole.</param>
/// <param name="Reason">What was expected and what came, or the proposal that is missing.</param>
public sealed record SpecNote(int Line, string Reason);

using System.Globalization;
using Hive.Research;

namespace Hive.Swarm;

/// <summary>One run of the domain that a campaign waits for. The same task has the same id however often it is dispatched, and counts once.</summary>
/// <param name="Id">Which: <c>17</c> is experiment 17, <c>17.0</c> its audit, <c>17.1</c> and on the runs of its review.</param>
/// <param name="Agent">Whose, from 0.</param>
/// <param name="Configuration">What is tried.</param>
/// <param name="Seed">With which seed.</param>
/// <param name="Part">On which data.</param>
public sealed record ResearchTask(TaskId Id, int Agent, Configuration Configuration, ulong Seed, DataPart Part);

/// <summary>A task's id within its campaign.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Run">−1: the experiment itself; 0: its audit; 1 and on: the runs of its review.</param>
public readonly record struct TaskId(int Experiment, int Run) : IComparable<TaskId>
{
    /// <summary>The run number of the experiment itself.</summary>
    public const int Itself = -1;

    /// <summary>Whether it is the experiment itself and not a check of it.</summary>
    public bool IsExperiment => Run == Itself;

    /// <summary>Reads an id.</summary>
    /// <param name="text">The text of an id.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static TaskId Parse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return int.TryParse(dot < 0 ? text : text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var experiment)
            && TryRun(dot < 0 ? [] : text.AsSpan(dot + 1), out var run)
            ? new TaskId(experiment, run)
            : throw new FormatException($"'{text}' is no id of a research task");
    }

    /// <inheritdoc/>
    public int CompareTo(TaskId other) => (Experiment, Run).CompareTo((other.Experiment, other.Run));

    /// <inheritdoc/>
    public override string ToString() => IsExperiment
        ? Experiment.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Experiment}.{Run}");

    private static bool TryRun(ReadOnlySpan<char> text, out int run)
    {
        run = Itself;
        return text.IsEmpty || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out run);
    }
}

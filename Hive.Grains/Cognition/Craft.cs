using System.Collections.Immutable;
using System.Text.Json;
using Hive.Cognition.Plans;
using Hive.Goals;
using Hive.Swarm;

namespace Hive.Cognition;

/// <summary>What kind of work a goal asks for: how an attempt is asked for, what a candidate is, and which facts a program finds about it.</summary>
internal abstract class Craft(Desk desk)
{
    /// <summary>What the parts of the goal's program share.</summary>
    protected Desk Desk { get; } = desk;

    /// <summary>What is known of the place that the work is done at, for the architect; absent where there is none.</summary>
    public virtual Task<string?> DescribeAsync(CancellationToken stop) => Task.FromResult<string?>(null);

    /// <summary>What an attempt is asked.</summary>
    /// <param name="task">The task.</param>
    /// <param name="attempt">The how-many-th attempt at it, from 0.</param>
    /// <param name="faults">What was wrong with earlier attempts.</param>
    /// <param name="tools">What is to be said of tools.</param>
    /// <param name="stop">Stops it.</param>
    public abstract Task<string> PromptAsync(PlannedTask task, int attempt, string faults, string tools, CancellationToken stop);

    /// <summary>Makes a candidate of an answer.</summary>
    /// <param name="id">The attempt.</param>
    /// <param name="reply">What the brain answered.</param>
    /// <param name="stop">Stops it.</param>
    /// <returns>The candidate, or what is wrong with the answer.</returns>
    public abstract Task<Draft> DraftAsync(string id, string reply, CancellationToken stop);

    /// <summary>What a program says of a candidate; absent where none judges it.</summary>
    /// <param name="id">The candidate.</param>
    /// <param name="text">The candidate itself.</param>
    /// <param name="isWhole">Whether it is meant to be all of the goal's answer, not a part of it.</param>
    /// <param name="stop">Stops it.</param>
    public async Task<ProgramFinding?> TestAsync(string id, string text, bool isWhole, CancellationToken stop) => isWhole && Desk.Spec.Tests is { } tests
        ? ProgramFinding.FromJson(await Desk.FactAsync($"{id}.tests{TextDigest.Of(text)}", "tests", async () => (await RunTestsAsync(tests, id, text, stop)).ToJson()))
        : null;

    /// <summary>What a critic is asked.</summary>
    /// <param name="instruction">What the candidate was asked to do.</param>
    /// <param name="text">The candidate.</param>
    public abstract string CriticPrompt(string instruction, string text);

    /// <summary>Has the goal's program judge a candidate.</summary>
    /// <param name="tests">The program.</param>
    /// <param name="id">The candidate.</param>
    /// <param name="text">The candidate itself.</param>
    /// <param name="stop">Stops it.</param>
    protected abstract Task<ProgramFinding> RunTestsAsync(TestsCheck tests, string id, string text, CancellationToken stop);
}

/// <summary>A candidate, or why there is none.</summary>
/// <param name="Text">The candidate.</param>
/// <param name="Mistakes">What is wrong with the answer; then there is no candidate.</param>
internal sealed record Draft(string Text, ImmutableArray<string> Mistakes);

/// <summary>What a program says of a candidate.</summary>
/// <param name="Passed">Whether it is good.</param>
/// <param name="Output">What the program printed.</param>
internal sealed record ProgramFinding(bool Passed, string Output)
{
    public static ProgramFinding FromJson(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new ProgramFinding(document.RootElement.GetProperty("passed").GetBoolean(), document.RootElement.GetProperty("output").GetString() ?? "");
    }

    public string ToJson() => JsonObjects.Write(writer =>
    {
        writer.WriteBoolean("passed", Passed);
        writer.WriteString("output", Output);
    });
}

using System.Diagnostics;
using System.Globalization;
using Hive.Goals;
using Hive.Silo.Hosting;
using Hive.Storage;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Hive.Silo.Bench;

/// <summary>
/// A simulation of the headline of Meyerson et al. (arXiv:2511.09030): the Towers of Hanoi, step by dependent step, by brains that err at a given rate. Brains are scripts; all else is what any
/// goal of steps goes through: the goal's grain, its ledger and log on disk, agents, <see cref="IChatClient"/>.
/// </summary>
internal static class HanoiBench
{
    /// <summary>Runs the goal, or goes on with it where the database has it already.</summary>
    /// <param name="settings">What is simulated.</param>
    /// <param name="data">The folder of the database; absent: one that is deleted afterwards.</param>
    /// <param name="id">The goal's id.</param>
    /// <param name="progress">Where progress is told.</param>
    /// <param name="cancellation">Stops; what is decided stays in the database.</param>
    public static async Task<HanoiResult> RunAsync(HanoiSettings settings, string? data, string id, TextWriter progress, CancellationToken cancellation)
    {
        var folder = data ?? Path.Combine(Path.GetTempPath(), $"hive-hanoi-{Environment.ProcessId}");
        try
        {
            await using var silo = await RunningSilo.StartAsync(
                options => (options.Database, options.ResumeGoals, options.Brains) = (folder, false, new HanoiBrains(settings)), cancellation);
            return await MeasureAsync(silo, settings, id, progress, cancellation);
        }
        finally
        {
            if (data is null && Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>The step, counted from 1, at which one brain without votes first answers wrongly or unreadably; absent where it never does.</summary>
    public static async Task<long?> AloneFailsAtAsync(HanoiSettings settings, CancellationToken cancellation)
    {
        var brain = settings.Brain;
        var state = HanoiState.Start(settings.Disks).ToString();
        using var solver = new HanoiSolver(settings.Disks);
        for (var step = 1L; solver.Next() is { } right; step++)
        {
            var answer = await brain.GetResponseAsync([new ChatMessage(ChatRole.User, state)], new ChatOptions { Seed = step }, cancellation);
            if (answer.Text != right)
            {
                return step;
            }

            state = right;
        }

        return null;
    }

    private static async Task<HanoiResult> MeasureAsync(RunningSilo silo, HanoiSettings settings, string id, TextWriter progress, CancellationToken cancellation)
    {
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        await silo.Hive.SubmitAsync(settings.Goal, id, cancellation);
        var before = await silo.Hive.ResumeAsync(id, cancellation);
        var resumedAt = before.Cognition?.Steps?.Done ?? 0;
        if (resumedAt > 0)
        {
            progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"goes on at step {resumedAt}"));
        }

        var status = await FollowAsync(silo, id, progress, cancellation);
        var spent = Process.GetCurrentProcess().TotalProcessorTime - processor;
        progress.WriteLine("reading the log, and solving the puzzle in another way");
        using var check = new HanoiCheck(settings);
        await check.ReadAsync(silo.Services.GetRequiredService<IGoalLog>(), id, cancellation);
        return new HanoiResult(settings, status, check, spent, await AloneFailsAtAsync(settings, cancellation)) { ResumedAt = resumedAt };
    }

    /// <summary>Waits for the goal's end and tells how far it is, at each percent.</summary>
    private static async Task<GoalStatus> FollowAsync(RunningSilo silo, string id, TextWriter progress, CancellationToken cancellation)
    {
        var end = silo.Hive.WaitAsync(id, cancellation);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var told = -1L; !end.IsCompleted;)
        {
            await Task.WhenAny(end, look.WaitForNextTickAsync(cancellation).AsTask());
            if ((await silo.Hive.GetAsync(id, cancellation)).Cognition?.Steps is { } steps && steps.Done * 100 / steps.Count is var percent && percent > told)
            {
                told = percent;
                progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{percent,3} %  {steps.Done:N0} of {steps.Count:N0} steps, {steps.Votes:N0} votes"));
            }
        }

        return await end;
    }
}

/// <summary>What the simulation showed.</summary>
internal sealed record HanoiResult(HanoiSettings Settings, GoalStatus Status, HanoiCheck Check, TimeSpan Processor, long? AloneFailedAt)
{
    /// <summary>The steps that were decided before this process began.</summary>
    public long ResumedAt { get; init; }

    /// <summary>Whether every step is decided, and rightly.</summary>
    public bool IsFlawless => Check is { Errors: 0, VotedTwice: 0 } && Check.Steps == HanoiSolver.Steps(Settings.Disks);

    public string ToJson()
    {
        var asked = Check.Votes + Check.Thrown;
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            {"simulation": true, "disks": {{Settings.Disks}}, "accuracy": {{Settings.Accuracy}}, "malformed": {{Settings.Malformed}}, "reliability": {{Settings.Reliability}}, "seed": {{Settings.Seed}}, "state": "{{Status.State}}", "steps": {{Check.Steps}}, "errors": {{Check.Errors}}, "votedTwice": {{Check.VotedTwice}}, "votes": {{asked}}, "thrown": {{Check.Thrown}}, "expectedVotes": {{Check.ExpectedVotes:F0}}, "k": {{Check.Lead}}, "seconds": {{Status.Seconds:F1}}, "resumedAt": {{ResumedAt}}, "processorSecondsOfThisRun": {{Processor.TotalSeconds:F1}}, "aloneFailedAt": {{AloneFailedAt?.ToString(CultureInfo.InvariantCulture) ?? "null"}}}
            """);
    }
}

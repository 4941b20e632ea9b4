using System.Globalization;
using Hive.Goals;
using Hive.Silos;
using Hive.Storage;

namespace Hive.Grains.Tests.Cognition.Steps;

/// <summary>A crash is a log that ends somewhere. Wherever it ends, the chain goes on at the step where it was.</summary>
public sealed class StepResumeTests(ITestOutputHelper output)
{
    private const int Steps = 30;
    private const int Cuts = 16;

    private static string Spec => StepCluster.Spec(Steps, "\"reliability\": 0.999, \"accuracy\": 0.8");

    [Fact]
    public async Task Wherever_the_log_ends_the_chain_goes_on_and_votes_on_no_step_that_is_decided()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var log = new HeardLog();
        await using (var cluster = await StepCluster.StartAsync(Erring(), log))
        {
            Assert.Equal(GoalState.Done, (await cluster.RunAsync(Spec)).State);
        }

        int[] cuts = [1, 2, 3, log.Entries.Count - 1, .. Enumerable.Range(0, Cuts).Select(_ => random.Next(4, log.Entries.Count - 1))];
        foreach (var cut in cuts)
        {
            output.WriteLine($"cut after {cut} of {log.Entries.Count}");
            await ResumeAsync([.. log.Entries.Take(cut)]);
        }
    }

    private static StepBrains Erring() => new(vote => vote.Chance < 0.2 ? vote.Chance < 0.1 ? "0" : "no number" : StepBrains.Next(vote), Tiers.Worker, Tiers.Worker);

    private static async Task ResumeAsync(LogEntry[] left)
    {
        var log = new HeardLog();
        await log.AppendAsync("g", left, null, CancellationToken.None);
        var decided = log.Decided;
        var asked = log.Appends[0].OfType<VotesReserved>().Select(reserved => (reserved.Step, reserved.Batch)).ToHashSet();
        var brains = Erring();
        await using var cluster = await StepCluster.StartAsync(brains, log);
        await cluster.Goal.ResumeAsync();
        var status = await cluster.Goal.WaitAsync(CancellationToken.None);
        Assert.True(status is { State: GoalState.Done, Cognition.Answer: "30" }, status.ToJson());

        // No vote on what was decided, and none again under an id that may have been asked before.
        Assert.All(brains.Asked, vote => Assert.True(vote.State >= decided, $"step {vote.State} was decided"));
        Assert.All(brains.Asked, vote => Assert.DoesNotContain(BatchOf(vote), asked));
        var events = await cluster.EventsAsync();
        Assert.Equal(Enumerable.Range(0, Steps).Select(step => (long)step), events.OfType<StepDecided>().Select(step => step.Step));

        // What was set aside when the log ended counts as spent.
        var cutOff = log.Appends[0].OfType<VotesReserved>().Where(reserved => !log.Appends[0].Any(happened => happened switch
        {
            StepDecided step => (step.Step, step.Batch) == (reserved.Step, reserved.Batch),
            VotesCounted step => (step.Step, step.Batch) == (reserved.Step, reserved.Batch),
            _ => false,
        })).Sum(reserved => reserved.Tokens);
        Assert.Equal(cutOff, status.Cognition!.Ledger.TokensWrittenOff);
    }

    private static (long Step, int Batch) BatchOf(AskedVote vote)
    {
        var parts = vote.Id[1..].Split('.');
        return (long.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}

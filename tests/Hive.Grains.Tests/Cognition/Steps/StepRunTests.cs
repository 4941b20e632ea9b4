using System.Globalization;
using Hive.Brains;
using Hive.Goals;
using Hive.Silos;
using Microsoft.Extensions.AI;

namespace Hive.Grains.Tests.Cognition.Steps;

public sealed class StepRunTests
{
    [Fact]
    public async Task A_chain_is_right_to_its_end_though_its_brains_are_often_wrong_or_malformed()
    {
        var brains = new StepBrains(
            vote => vote.Chance switch
            {
                < 0.1 => (vote.State + 2).ToString(CultureInfo.InvariantCulture),
                < 0.2 => (vote.State + 3).ToString(CultureInfo.InvariantCulture),
                < 0.3 => $"The next number is {vote.State + 1}.",
                < 0.35 => new string('7', 21),
                _ => StepBrains.Next(vote),
            },
            Tiers.Worker,
            Tiers.Worker,
            Tiers.Worker);
        await using var cluster = await StepCluster.StartAsync(brains);
        var status = await cluster.RunAsync(StepCluster.Spec(200, "\"reliability\": 0.9999, \"accuracy\": 0.65, \"most\": 200"));
        Assert.True(status is { State: GoalState.Done, Cognition: { Answer: "200", IsAccepted: true, Steps: { Done: 200, Thrown: > 0 } } }, status.ToJson());
        var decided = (await cluster.EventsAsync()).OfType<StepDecided>().ToArray();
        Assert.Equal(Enumerable.Range(0, 200).Select(step => (long)step), decided.Select(step => step.Step));
        Assert.Equal(Enumerable.Range(1, 200).Select(step => step.ToString(CultureInfo.InvariantCulture)), decided.Select(step => step.Answer));
        Assert.All(decided, step => Assert.True(step.Agreed >= step.Lead && step.Lead > 1, step.ToString()));
        Assert.Equal(brains.Asked.Count, status.Cognition!.Steps!.Votes + status.Cognition.Steps.Thrown);
    }

    [Fact]
    public async Task A_step_is_begun_when_the_decision_before_it_is_on_disk_and_costs_one_append()
    {
        await using var log = new HeardLog();
        var tooEarly = 0;
        var brains = new StepBrains(
            vote =>
            {
                Interlocked.Add(ref tooEarly, vote.State > log.Decided ? 1 : 0);
                return vote.Chance < 0.1 ? "0" : StepBrains.Next(vote);
            },
            Tiers.Worker,
            Tiers.Worker);
        await using var cluster = await StepCluster.StartAsync(brains, log);
        Assert.Equal(GoalState.Done, (await cluster.RunAsync(StepCluster.Spec(100))).State);
        Assert.Equal(0, tooEarly);
        var chain = log.Appends.Where(append => append.Any(happened => happened is VotesReserved or VotesCounted or StepDecided)).ToArray();
        var counted = chain.SelectMany(append => append).Count(happened => happened is VotesCounted);
        Assert.Equal(100 + counted + 1, chain.Length);
        Assert.All(chain[1..^1], append => Assert.True(append is [StepDecided or VotesCounted, VotesReserved], string.Join(", ", append.Select(happened => happened.GetType().Name))));
    }

    [Fact]
    public async Task Votes_come_from_as_many_models_and_temperatures_as_there_are()
    {
        var brains = StepBrains.Right(4);
        await using var cluster = await StepCluster.StartAsync(brains);
        await cluster.RunAsync(StepCluster.Spec(12));
        var steps = brains.Asked.GroupBy(vote => vote.State).ToArray();
        Assert.Equal(12, steps.Length);
        Assert.All(steps, step => Assert.Equal(3, step.Select(vote => vote.Brain).Distinct().Count()));
        Assert.All(steps, step => Assert.Equal(3, step.Select(vote => vote.Options.Temperature).Distinct().Count()));
        Assert.Equal(36, brains.Asked.Select(vote => vote.Options.Seed).Distinct().Count());

        // Whoever began a step did not begin the one before.
        Assert.All(steps.Zip(steps[1..]), pair => Assert.NotEqual(First(pair.First), First(pair.Second)));

        static string First(IEnumerable<AskedVote> step) => step.Single(vote => vote.Id.EndsWith(".0", StringComparison.Ordinal)).Brain;
    }

    [Fact]
    public async Task A_step_that_one_tier_does_not_decide_is_asked_of_the_next_and_the_chain_goes_on_with_the_cheapest()
    {
        var brains = new StepBrains(
            vote => vote is { Tier: Tiers.Edge, State: 2 } ? vote.Options.Seed!.Value.ToString(CultureInfo.InvariantCulture) : StepBrains.Next(vote), Tiers.Edge, Tiers.Core);
        await using var cluster = await StepCluster.StartAsync(brains);
        var status = await cluster.RunAsync(StepCluster.Spec(5, "\"lead\": 2, \"most\": 8"));
        Assert.True(status is { State: GoalState.Done, Cognition.Answer: "5" }, status.ToJson());
        Assert.All(brains.Asked.Where(vote => vote.Tier == Tiers.Core), vote => Assert.Equal(2, vote.State));
        Assert.Equal(2, brains.Asked.Count(vote => vote.Tier == Tiers.Core));
        Assert.InRange(brains.Asked.Count(vote => vote is { Tier: Tiers.Edge, State: 2 }), 6, 8);
    }

    [Fact]
    public async Task A_step_that_no_tier_decides_ends_the_goal_honestly_with_what_was_reached()
    {
        var brains = new StepBrains(
            vote => vote.State == 3 ? vote.Options.Seed!.Value.ToString(CultureInfo.InvariantCulture) : StepBrains.Next(vote), Tiers.Edge, Tiers.Worker);
        await using var cluster = await StepCluster.StartAsync(brains);
        var status = await cluster.RunAsync(StepCluster.Spec(5, "\"lead\": 2, \"most\": 8"));
        Assert.True(status is { State: GoalState.Exhausted, Cognition: { Answer: "3", IsAccepted: false } }, status.ToJson());
        Assert.Contains("step 3 is not decided", Assert.Single(status.Missing), StringComparison.Ordinal);
        Assert.InRange(brains.Asked.Count(vote => vote.State == 3), 12, 16);
    }

    [Fact]
    public async Task A_budget_is_never_exceeded_and_more_of_it_goes_on_without_deciding_a_step_twice()
    {
        var brains = StepBrains.Right(2);
        await using var cluster = await StepCluster.StartAsync(brains);
        var status = await cluster.RunAsync(StepCluster.Spec(20, budget: "\"tokens\": 5000"));
        Assert.True(status is { State: GoalState.Exhausted, Cognition: { IsAccepted: false, Steps.Done: > 0 and < 20, Ledger.Tokens: <= 5000 } }, status.ToJson());
        Assert.Equal(status.Cognition!.Steps!.Done.ToString(CultureInfo.InvariantCulture), status.Cognition.Answer);
        Assert.Contains("tokens", status.Missing[^1], StringComparison.Ordinal);
        var paid = brains.Asked.Count;
        Assert.Equal(paid * 105, status.Cognition.Ledger.Tokens);

        await cluster.Goal.AddBudgetAsync("{\"tokens\": 100000}");
        status = await cluster.Goal.WaitAsync(CancellationToken.None);
        Assert.True(status is { State: GoalState.Done, Cognition: { Answer: "20", Steps.Done: 20 } }, status.ToJson());
        Assert.Equal(60, brains.Asked.Count);
        Assert.Equal(20, (await cluster.EventsAsync()).OfType<StepDecided>().Count());
    }

    [Fact]
    public async Task A_deadline_ends_the_chain_with_what_was_reached_and_leaves_nothing_unsettled()
    {
        var brains = new StepBrains(StepBrains.Next, Tiers.Worker) { Hangs = vote => vote is { State: 5 } && vote.Id.EndsWith(".1", StringComparison.Ordinal) };
        await using var cluster = await StepCluster.StartAsync(brains);
        var status = await cluster.RunAsync(StepCluster.Spec(10, budget: "\"tokens\": 100000000, \"seconds\": 1"));
        Assert.True(status is { State: GoalState.Exhausted, Cognition: { Answer: "5", IsAccepted: false, Ledger.TokensWrittenOff: 0 } }, status.ToJson());
        var events = await cluster.EventsAsync();
        Assert.Equal(events.OfType<VotesReserved>().Select(reserved => reserved.Step), events.Where(happened => happened is StepDecided or VotesCounted).Select(happened => happened is StepDecided step ? step.Step : ((VotesCounted)happened).Step));
        Assert.Equal(["6", "6"], Assert.Single(events.OfType<VotesCounted>()).Answers);

        // The votes that were answered are not asked for again.
        brains.Hangs = _ => false;
        await cluster.Goal.AddBudgetAsync("{\"seconds\": 100}");
        status = await cluster.Goal.WaitAsync(CancellationToken.None);
        Assert.True(status is { State: GoalState.Done, Cognition.Answer: "10" }, status.ToJson());
        Assert.Equal(4, brains.Asked.Count(vote => vote.State == 5));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(100, 0)]
    [InlineData(-5, 5)]
    public async Task Usage_that_cannot_be_true_counts_for_all_that_was_set_aside(long tokensIn, long tokensOut)
    {
        var brains = new StepBrains(StepBrains.Next, Tiers.Worker) { Usage = new UsageDetails { InputTokenCount = tokensIn, OutputTokenCount = tokensOut } };
        await using var cluster = await StepCluster.StartAsync(brains);
        var status = await cluster.RunAsync(StepCluster.Spec(2));
        Assert.Equal(GoalState.Done, status.State);
        var reserved = (await cluster.EventsAsync()).OfType<VotesReserved>().ToArray();
        Assert.Equal(reserved.Sum(batch => batch.Tokens), status.Cognition!.Ledger.Tokens);
        Assert.Equal(reserved.Sum(batch => batch.Money), status.Cognition.Ledger.Money);
    }

    [Fact]
    public async Task Brains_that_cannot_be_reached_for_a_while_hold_the_chain_up_and_cost_nothing()
    {
        var failures = 0;
        var brains = new StepBrains(
            vote => vote.State == 1 && Interlocked.Increment(ref failures) <= 3
                ? throw new BrainException(BrainFault.Unreachable, mayHaveBeenPaid: false, "nobody listens")
                : StepBrains.Next(vote),
            Tiers.Worker);
        await using var cluster = await StepCluster.StartAsync(brains);
        var status = await cluster.RunAsync(StepCluster.Spec(3));
        Assert.True(status is { State: GoalState.Done, Cognition: { Answer: "3", Steps.Thrown: 3, Ledger.Tokens: 9 * 105 } }, status.ToJson());
    }

    [Fact]
    public async Task A_chain_ends_with_the_state_that_is_said_to_be_the_last()
    {
        await using var cluster = await StepCluster.StartAsync(StepBrains.Right(1));
        var status = await cluster.RunAsync(StepCluster.Spec(100, chain: "\"until\": \"^7$\""));
        Assert.True(status is { State: GoalState.Done, Cognition: { Answer: "7", Steps.Done: 7 } }, status.ToJson());
    }

    [Fact]
    public async Task A_chain_that_does_not_come_to_its_last_state_says_so()
    {
        await using var cluster = await StepCluster.StartAsync(StepBrains.Right(1));
        var status = await cluster.RunAsync(StepCluster.Spec(5, chain: "\"until\": \"^7$\""));
        Assert.True(status is { State: GoalState.Exhausted, Cognition: { Answer: "5", IsAccepted: false } }, status.ToJson());
        Assert.Contains("the state is not the last one", Assert.Single(status.Missing), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_question_is_decided_by_votes_too()
    {
        var brains = new StepBrains(vote => vote.Chance < 0.3 ? "41" : "42", Tiers.Worker, Tiers.Worker);
        await using var cluster = await StepCluster.StartAsync(brains);
        var status = await cluster.RunAsync("""
            { "objective": "How much is six times seven?",
              "check": { "votes": { "answer": { "pattern": "[0-9]+", "maxCharacters": 5 }, "lead": 5 } },
              "answerTokens": 16, "budget": { "tokens": 1000000 }, "seed": 1 }
            """);
        Assert.True(status is { State: GoalState.Done, Cognition: { Answer: "42", IsAccepted: true } }, status.ToJson());
    }
}

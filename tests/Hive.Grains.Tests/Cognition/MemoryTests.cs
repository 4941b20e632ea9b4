using System.Text;
using Hive.Agents;
using Hive.Brains;
using Hive.Brains.Scripted;
using Hive.Goals;
using Hive.Testing;

namespace Hive.Grains.Tests.Cognition;

public sealed class MemoryTests : IDisposable
{
    private readonly string _folder = TemporaryDirectory.Create("hive-memory");

    public void Dispose() => TemporaryDirectory.Delete(_folder);

    [Fact]
    public async Task What_an_agent_learnt_it_still_knows_after_a_restart_and_hears_it_in_a_fence()
    {
        var script = new BrainScript { Models = [new ScriptedModel { Name = "only", Accuracy = 0, Critic = new CriticRates(1, 0) }] };
        var goal = BrainGoals.OfTasks(1, width: 1);
        goal["budget"]!["rounds"] = 1;
        await using (var first = await BrainCluster.StartAsync(script, memories: new AgentMemories(_folder)))
        {
            Assert.Equal(GoalState.Exhausted, (await first.RunAsync("g", goal.ToJsonString())).State);
            Assert.DoesNotContain(first.Brains.Calls, call => call.Id == "r0.t1.a0" && call.Asked.Contains("<<<lessons", StringComparison.Ordinal));
        }

        await using var second = await BrainCluster.StartAsync(script, memories: new AgentMemories(_folder));
        await second.RunAsync("h", goal.ToJsonString());
        var attempt = Assert.Single(second.Brains.Calls, call => call.Id == "r0.t1.a0");
        Assert.Matches("<<<lessons [0-9a-f]{16}\n- A candidate of mine was rejected: the answer is not the right one\nlessons [0-9a-f]{16}>>>", attempt.Asked);
    }

    [Fact]
    public void However_much_an_agent_learns_its_memory_and_what_it_tells_are_bounded()
    {
        var memories = new AgentMemories(_folder);
        for (var i = 0; i < 500; i++)
        {
            memories.Learn("worker@s/only-attempt-0", $"{i}: {new string('é', 1_000)}", i % 10 / 10.0);
        }

        Assert.InRange(Encoding.UTF8.GetByteCount(memories.Tell("worker@s/only-attempt-0")), 1, BrainCall.MaxLessons);
        Assert.InRange(new FileInfo(Assert.Single(Directory.GetFiles(_folder))).Length, 1, 100_000);
        Assert.Equal(memories.Tell("worker@s/only-attempt-0"), new AgentMemories(_folder).Tell("worker@s/only-attempt-0"));
        Assert.Equal("", memories.Tell("worker@s/only-attempt-1"));
    }

    [Fact]
    public void A_file_that_is_broken_costs_its_lessons_and_nothing_else()
    {
        new AgentMemories(_folder).Learn("a", "one", 1);
        File.WriteAllText(Assert.Single(Directory.GetFiles(_folder)), "{ broken");
        var memories = new AgentMemories(_folder);
        Assert.Equal("", memories.Tell("a"));
        memories.Learn("a", "two", 1);
        Assert.Contains("- two", new AgentMemories(_folder).Tell("a"), StringComparison.Ordinal);
    }
}

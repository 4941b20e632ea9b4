using Hive.Brains.Scripted;
using Microsoft.Extensions.AI;

namespace Hive.Brains.Tests.Scripted;

/// <summary>What goes wrong in a scripted brain of this process is what goes wrong on the wire, as an exception of its kind.</summary>
public sealed class ScriptedFaultTests
{
    private const string Prompt = "What is 17 × 24?";

    public static TheoryData<ScriptedFaults, BrainFault, bool> Failing => new()
    {
        { new ScriptedFaults { Busy429 = 1 }, BrainFault.Busy, false },
        { new ScriptedFaults { Error500 = 1 }, BrainFault.Broken, true },
        { new ScriptedFaults { Stall = 1 }, BrainFault.TimedOut, true },
        { new ScriptedFaults { CutStream = 1 }, BrainFault.CutOff, true },
        { new ScriptedFaults { MalformedJson = 1 }, BrainFault.Malformed, true },
    };

    [Theory]
    [MemberData(nameof(Failing))]
    public async Task A_failing_call_says_how_it_failed_and_whether_it_may_be_paid(ScriptedFaults faults, BrainFault expected, bool mayHaveBeenPaid)
    {
        var failure = await Assert.ThrowsAsync<BrainException>(() => new ScriptedBrains(ScriptedCalls.With(faults), TimeProvider.System).AskAsync(Prompt, "k"));
        Assert.Equal((expected, mayHaveBeenPaid), (failure.Fault, failure.MayHaveBeenPaid));
    }

    [Fact]
    public async Task A_cut_stream_brings_half_of_its_text_and_then_fails()
    {
        var brains = new ScriptedBrains(ScriptedCalls.With(new ScriptedFaults { CutStream = 1 }), TimeProvider.System);
        var text = "";
        var failure = await Assert.ThrowsAsync<BrainException>(async () =>
        {
            await foreach (var update in brains.Open("fake-edge").GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "1000 + 2000")]))
            {
                text += update.Text;
            }
        });
        Assert.Equal(BrainFault.CutOff, failure.Fault);
        Assert.Equal("30", text);
    }

    [Fact]
    public async Task Wrong_usage_is_told_here_as_it_is_on_the_wire()
    {
        var brains = new ScriptedBrains(ScriptedCalls.With(new ScriptedFaults { WrongUsage = 1 }), TimeProvider.System);
        var told = new HashSet<long?>();
        foreach (var key in ScriptedCalls.Keys(40))
        {
            told.Add((await brains.AskAsync(Prompt, key)).Usage?.InputTokenCount);
        }

        Assert.Equal([null, -5, 0, 5_000_000], told.Order());
    }

    [Fact]
    public async Task A_call_that_failed_may_succeed_under_the_same_key_with_the_answer_that_was_due()
    {
        var brains = new ScriptedBrains(ScriptedCalls.With(new ScriptedFaults { Error500 = 0.9 }) with { Seed = 3 }, TimeProvider.System);
        var failures = 0;
        while (true)
        {
            try
            {
                Assert.Equal("408", await brains.TextAsync(Prompt, "k"));
                break;
            }
            catch (BrainException)
            {
                failures++;
            }
        }

        Assert.True(failures > 0);
    }

    [Fact]
    public async Task Latency_ends_when_the_caller_does()
    {
        using var patience = new CancellationTokenSource();
        var brain = new ScriptedBrains(BrainScript.OfTiers(accuracy: 1, latencyMs: 600_000), TimeProvider.System).Open("fake-edge");
        var call = brain.GetResponseAsync([new ChatMessage(ChatRole.User, Prompt)], cancellationToken: patience.Token);
        Assert.False(call.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public void Asking_for_a_brain_that_is_not_there_names_those_that_are()
    {
        var brains = new ScriptedBrains(ScriptedCalls.Perfect, TimeProvider.System);
        Assert.Contains("fake-worker", Assert.Throws<KeyNotFoundException>(() => brains.Open("gpt")).Message, StringComparison.Ordinal);
    }
}

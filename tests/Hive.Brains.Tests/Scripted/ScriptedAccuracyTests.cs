using System.Text.Json;
using Hive.Brains.Scripted;

namespace Hive.Brains.Tests.Scripted;

public sealed class ScriptedAccuracyTests
{
    private const int Calls = 4_000;

    [Theory]
    [InlineData(0.55)]
    [InlineData(0.75)]
    [InlineData(0.95)]
    public async Task Answers_are_right_as_often_as_the_script_says(double accuracy)
    {
        var brains = new ScriptedBrains(BrainScript.OfTiers(accuracy) with { Seed = 42 }, TimeProvider.System);
        var right = 0;
        for (var i = 0; i < Calls; i++)
        {
            right += SimulatedTask.IsRight(9, i, await brains.TextAsync(SimulatedTask.Prompt(9, i), $"call {i}")) ? 1 : 0;
        }

        AssertBinomial(accuracy, right);
    }

    [Theory]
    [InlineData(true, 0.8)]
    [InlineData(false, 0.2)]
    public async Task Critics_accept_as_often_as_the_script_says(bool candidateIsRight, double accepting)
    {
        var script = new BrainScript { Models = [new ScriptedModel { Name = "critic", Critic = new CriticRates(0.8, 0.2) }] };
        var brains = new ScriptedBrains(script, TimeProvider.System);
        var accepted = 0;
        for (var i = 0; i < Calls; i++)
        {
            var answer = SimulatedTask.Right(9, candidateIsRight ? i : i + 1);
            var verdict = await brains.TextAsync(
                $"Judge this.\n<<<task a1\n{SimulatedTask.Prompt(9, i)}\ntask a1>>>\n<<<candidate b2\n{answer}\ncandidate b2>>>", $"call {i}", "verdict", "critic");
            accepted += JsonElement.Parse(verdict).GetProperty("score").GetDouble() > 0.5 ? 1 : 0;
        }

        AssertBinomial(accepting, accepted);
    }

    /// <summary>Within four standard deviations; the seed is fixed, so that this holds always or never.</summary>
    private static void AssertBinomial(double probability, int hits)
    {
        var deviation = Math.Sqrt(Calls * probability * (1 - probability));
        Assert.InRange(hits, (Calls * probability) - (4 * deviation), (Calls * probability) + (4 * deviation));
    }
}

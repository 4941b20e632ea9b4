using System.Text.Json;
using Hive.Cognition.Critics;
using Hive.Cognition.Prompts;

namespace Hive.Cognition.Tests.Critics;

public sealed class VerdictReaderTests
{
    [Fact]
    public void A_verdict_is_read_with_all_that_it_says()
    {
        var verdict = VerdictReader.Read("""Well: {"evidence":"ran it","faults":["off  by one\n","",  "off by one","no tests"],"score":0.25}""", out var mistake);
        Assert.Empty(mistake);
        Assert.Equal(0.25, verdict!.Score);
        Assert.Equal(["off by one", "no tests"], verdict.Faults);
        Assert.Equal("ran it", verdict.Evidence);
    }

    [Fact]
    public void The_form_that_the_prompts_show_is_read()
    {
        var library = PromptLibrary.Load(null);
        foreach (var name in new[] { "critic", "build-critic" })
        {
            var shown = library.Text(name).Split('\n').Single(line => line.StartsWith("{\"", StringComparison.Ordinal));
            Assert.NotNull(VerdictReader.Read(shown, out _));
        }
    }

    [Theory]
    [InlineData("""{"faults":[]}""", "score is missing; it must be a number from 0 to 1")]
    [InlineData("""{"score":8}""", "score is 8; it must be a number from 0 to 1")]
    [InlineData("""{"score":-0.1}""", "score is -0.1; it must be a number from 0 to 1")]
    [InlineData("""{"score":1e999}""", "score is 1e999; it must be a number from 0 to 1")]
    [InlineData("""{"score":"0.9"}""", "score is '0.9'; it must be a number from 0 to 1")]
    [InlineData("""{"score":1,"faults":"none"}""", "faults is a text; it must be an array")]
    [InlineData("""{"score":1,"faults":["a",{"b":1}],"evidence":7}""", "faults[1] is an object; every fault must be a text; evidence is a number; it must be a text")]
    [InlineData("Good!", "the reply holds no JSON object; answer with one JSON object and nothing else")]
    public void A_mistake_is_told_in_words_to_act_on(string reply, string expected)
    {
        Assert.Null(VerdictReader.Read(reply, out var mistake));
        Assert.Equal(expected, mistake);
    }

    [Fact]
    public void Words_beyond_their_bounds_are_cut()
    {
        var reply = JsonSerializer.Serialize(new { score = 1, faults = Enumerable.Range(0, 40).Select(i => $"{i} {new string('x', 600)}"), evidence = new string('y', 5_000) });
        var verdict = VerdictReader.Read(reply, out _)!;
        Assert.Equal(16, verdict.Faults.Length);
        Assert.All(verdict.Faults, fault => Assert.Equal(500, fault.Length));
        Assert.Equal(4_000, verdict.Evidence.Length);
        Assert.EndsWith("…", verdict.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_read_or_refused() => Replies.AllHold(reply =>
    {
        var verdict = VerdictReader.Read(reply, out var mistake);
        return verdict is null ? mistake.Length > 0 : mistake.Length == 0 && verdict.Score is >= 0 and <= 1 && verdict.Faults.Length <= 16;
    });

    [Fact]
    public void The_schema_is_JSON() => Assert.Equal(JsonValueKind.Object, JsonElement.Parse(VerdictSchema.Json).ValueKind);
}

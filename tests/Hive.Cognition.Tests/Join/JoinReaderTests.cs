using System.Text.Json;
using Hive.Cognition.Join;

namespace Hive.Cognition.Tests.Join;

public sealed class JoinReaderTests
{
    private static readonly string[] Candidates = ["a", "b"];

    [Fact]
    public void A_join_is_read_with_all_that_it_says()
    {
        var joined = JoinReader.Read(
            """
            {"sources":[{"candidate":"b","use":"discarded","rank":2,"reason":"weak"},{"candidate":"a","use":"used","rank":1,"reason":"right"}],
             "contradictions":[{"candidates":["a","b"],"about":"the sign","resolution":"minus","reason":"checked"}],"outcome":"−1"}
            """,
            Candidates,
            out var mistakes);
        Assert.Empty(mistakes);
        Assert.Equal("−1", joined!.Outcome);
        Assert.Equal([new JoinSource("a", SourceUse.Used, 1, "right"), new JoinSource("b", SourceUse.Discarded, 2, "weak")], joined.Sources);
        var contradiction = Assert.Single(joined.Contradictions);
        Assert.Equal(["a", "b"], contradiction.Candidates);
        Assert.Equal(("the sign", "minus", "checked"), (contradiction.About, contradiction.Resolution, contradiction.Reason));
    }

    [Theory]
    [InlineData(A, "sources does not name the candidate 'b'; say of every candidate whether it was used or discarded, and why")]
    [InlineData(A + "," + B + "," + A, "sources[2].candidate names 'a' again; name every candidate once")]
    [InlineData(
        A + "," + B + """,{"candidate":"c","use":"used","rank":1,"reason":"r"}""",
        "sources[2].candidate is 'c', which is no candidate's id; use the ids as they were given")]
    [InlineData(A + """,{"candidate":"b","use":"merged","rank":2,"reason":"r"}""", "sources[1].use is 'merged'; it may be used or discarded")]
    [InlineData(A + """,{"candidate":"b","rank":2,"reason":"r"}""", "sources[1].use is missing; it may be used or discarded")]
    [InlineData(A + """,{"candidate":"b","use":"used","rank":3,"reason":"r"}""", "sources[1].rank is 3; it may be 1 to 2, a whole number")]
    [InlineData(A + """,{"candidate":"b","use":"used","reason":"r"}""", "sources[1].rank is missing; it may be 1 to 2, a whole number")]
    [InlineData(A + """,{"candidate":"b","use":"used","rank":2}""", "sources[1].reason is missing; give it a text of 1 to 2,000 characters")]
    [InlineData("""{"candidate":"a","use":"discarded","rank":1,"reason":"r"},""" + B, "sources discards every candidate; the outcome must rest on at least one")]
    public void A_mistake_in_the_sources_is_told_in_words_to_act_on(string sources, string expected) =>
        Assert.Equal([expected], Mistakes($$"""{"outcome":"o","sources":[{{sources}}]}"""));

    [Theory]
    [InlineData("""{"candidates":["a","b"],"about":"x","reason":"z"}""", "contradictions[0].resolution is missing; give it a text of 1 to 2,000 characters")]
    [InlineData("""{"candidates":["a","b"],"about":"x","resolution":"y","reason":""}""", "contradictions[0].reason is empty; give it a text of 1 to 2,000 characters")]
    [InlineData(
        """{"candidates":["a","c"],"about":"x","resolution":"y","reason":"z"}""",
        "contradictions[0].candidates[1] is 'c', which is no candidate's id; use the ids as they were given")]
    [InlineData(
        """{"candidates":["a","a"],"about":"x","resolution":"y","reason":"z"}""",
        "contradictions[0].candidates names fewer than two candidates; a contradiction is between two or more")]
    [InlineData("7", "contradictions[0] is a number; it must be an object")]
    public void A_mistake_in_the_contradictions_is_told_in_words_to_act_on(string contradiction, string expected) =>
        Assert.Equal([expected], Mistakes($$"""{"outcome":"o","sources":[{{A}},{{B}}],"contradictions":[{{contradiction}}]}"""));

    [Theory]
    [InlineData("no", "the reply holds no JSON object; answer with one JSON object and nothing else")]
    [InlineData($$"""{"sources":[{{A}},{{B}}]}""", "outcome is missing; give it a text of 1 to 500,000 characters")]
    public void A_reply_without_an_outcome_is_refused(string reply, string expected) => Assert.Equal([expected], Mistakes(reply));

    [Fact]
    public void What_is_read_names_every_candidate_once_and_anything_else_is_a_mistake() => Replies.AllHold(reply =>
    {
        var joined = JoinReader.Read(reply, Candidates, out var mistakes);
        return joined is null ? mistakes.Length > 0 : mistakes.IsEmpty && joined.Sources.Select(source => source.Candidate).Order().SequenceEqual(Candidates);
    });

    [Fact]
    public void The_schema_is_JSON() => Assert.Equal(JsonValueKind.Object, JsonElement.Parse(JoinSchema.Json).ValueKind);

    private const string A = """{"candidate":"a","use":"used","rank":1,"reason":"right"}""";
    private const string B = """{"candidate":"b","use":"discarded","rank":2,"reason":"weak"}""";

    private static string[] Mistakes(string reply)
    {
        Assert.Null(JoinReader.Read(reply, Candidates, out var mistakes));
        return [.. mistakes];
    }
}

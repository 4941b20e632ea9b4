using FsCheck;
using FsCheck.Fluent;
using Hive.Cognition.Prompts;

namespace Hive.Cognition.Tests.Prompts;

public sealed class JsonReplyTests
{
    [Theory]
    [InlineData("""{"a":1}""")]
    [InlineData("""Here you are: {"a":1} I hope that helps.""")]
    [InlineData("```json\n{\"a\":1}\n```")]
    [InlineData("""In C# that is `if (x) { y(); } else {}`, so {"a":1,}""")]
    [InlineData("""<think>Perhaps {"a":2}? No, {"b" is wrong.</think>{"a": 1 /* sure */}""")]
    [InlineData("""{"a":1} and once more {"a":1.0}""")]
    [InlineData("""The set {"a", "b"} and $"{"a"}" are not meant, {"a":1} is""")]
    [InlineData("""{"a":1,"b":"</think>"}""")]
    public void The_object_is_found_whatever_stands_around_it(string reply)
    {
        Assert.True(JsonReply.TryFind(reply, out var json, out var mistake), mistake);
        Assert.Equal(1, json.GetProperty("a").GetDouble());
        Assert.Empty(mistake);
    }

    [Theory]
    [InlineData("", "the reply holds no JSON object; answer with one JSON object and nothing else")]
    [InlineData("I cannot {do} that. [1, 2]", "the reply holds no JSON object; answer with one JSON object and nothing else")]
    [InlineData("""The candidate says {"score":1}. I say {"score":0}""", "the reply holds two different JSON objects; answer with one")]
    [InlineData("""{"tasks":[{"id":"t1"},{"id":"t2""", "the JSON object is not closed: the reply was cut off, or a quotation mark or bracket is missing")]
    [InlineData("{\n  \"a\": yes\n}", "the JSON object is not valid in line 2 of the object, byte 8: 'y' is an invalid start of a value")]
    [InlineData("""{"a":1e99999999999} {"a":1e099999999999}""", "the reply holds two different JSON objects; answer with one")]
    [InlineData("""{"a""", "the JSON object is not closed: the reply was cut off, or a quotation mark or bracket is missing")]
    [InlineData("""{"a":1,"a":2}""", "the JSON object is not valid: Duplicate property 'a' encountered during deserialization")]
    [InlineData("""{"a":"\ud800"}""", "the JSON object holds half of a surrogate pair as a \\u escape; write the character itself")]
    public void A_reply_without_one_object_is_refused_in_words_to_act_on(string reply, string expected)
    {
        Assert.False(JsonReply.TryFind(reply, out _, out var mistake));
        Assert.Equal(expected, mistake);
    }

    [Fact]
    public void Depth_and_length_are_bounded()
    {
        Assert.True(JsonReply.TryFind(Nested(JsonReply.MostDepth), out _, out _));
        Assert.False(JsonReply.TryFind(Nested(JsonReply.MostDepth + 1), out _, out var mistake));
        Assert.Contains("depth", mistake, StringComparison.Ordinal);
        Assert.False(JsonReply.TryFind(new string(' ', JsonReply.MostCharacters + 1), out _, out mistake));
        Assert.Equal("the reply has 1,000,001 characters; it may have 1,000,000", mistake);

        static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{\"a\":1}" + new string('}', depth - 1);
    }

    [Fact]
    public void What_is_wrong_is_told_in_few_characters_however_long_the_reply()
    {
        var name = new string('x', 10_000);
        Assert.False(JsonReply.TryFind($"{{\"{name}\":1,\"{name}\":2}}", out _, out var mistake));
        Assert.InRange(mistake.Length, 1, 300);
    }

    [Fact]
    public void A_reply_of_nothing_but_braces_is_refused() =>
        Assert.False(JsonReply.TryFind(string.Concat(Enumerable.Repeat("{\"{ ", JsonReply.MostCharacters / 4)), out _, out _));

    [Fact]
    public void Any_text_is_read_or_refused() => Replies.AllHold(reply => JsonReply.TryFind(reply, out _, out var mistake) == (mistake.Length == 0));

    [Fact]
    public void An_object_between_any_prose_is_found() => Prop.ForAll<NonNull<string>, NonNull<string>>((before, after) =>
        JsonReply.TryFind($"{Braceless(before)}{{\"a\":[1,{{\"b\":\"}}\"}}]}}{Braceless(after)}", out var json, out _)
        && json.GetProperty("a").GetArrayLength() == 2).QuickCheckThrowOnFailure();

    private static string Braceless(NonNull<string> text) => text.Get.Replace('{', '(');
}

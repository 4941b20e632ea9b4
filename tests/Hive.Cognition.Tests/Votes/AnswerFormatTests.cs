using FsCheck;
using FsCheck.Fluent;

namespace Hive.Cognition.Votes;

public class AnswerFormatTests
{
    [Fact]
    public void Without_groups_the_whole_reply_is_what_is_compared_and_what_the_next_step_starts_from()
    {
        var format = new AnswerFormat("[0-9]+", 10);
        Assert.True(format.TryRead(" 42\n", out var answer, out var state));
        Assert.Equal(("42", "42"), (answer, state));
    }

    [Fact]
    public void Groups_pick_the_answer_and_the_state()
    {
        var format = new AnswerFormat("(?s).*(?<answer>move=[0-9] state=(?<state>[a-z]+))", 100);
        Assert.True(format.TryRead("I think\nmove=1 state=abc", out var answer, out var state));
        Assert.Equal(("move=1 state=abc", "abc"), (answer, state));
    }

    [Fact]
    public void A_state_outside_the_answer_is_voted_for_all_the_same()
    {
        var format = new AnswerFormat("move=(?<answer>[0-9]) state=(?<state>[a-z]+)", 100);
        Assert.True(format.TryRead("move=1 state=abc", out var right, out _));
        Assert.True(format.TryRead("move=1 state=xyz", out var poisoned, out var state));
        Assert.NotEqual(right, poisoned);
        Assert.Equal("xyz", state);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("yes, 12")]
    [InlineData("12 or so")]
    [InlineData("12\n13")]
    [InlineData("12345678901")]
    public void A_reply_that_is_malformed_or_too_long_is_thrown_away(string reply)
    {
        Assert.False(new AnswerFormat("[0-9]+", 10).TryRead(reply, out var answer, out var state));
        Assert.Null(answer);
        Assert.Null(state);
    }

    [Fact]
    public void The_whole_reply_has_to_match_whichever_alternative_comes_first()
    {
        var format = new AnswerFormat("a|ab", 10);
        Assert.True(format.TryRead("ab", out var answer, out _));
        Assert.Equal("ab", answer);
        Assert.False(format.TryRead("abc", out _, out _));
    }

    [Fact]
    public void A_pattern_may_end_with_a_comment()
    {
        var format = new AnswerFormat("(?x) [0-9]+ # a number", 10);
        Assert.True(format.TryRead("42", out var answer, out _));
        Assert.Equal("42", answer);
        Assert.False(format.TryRead("42 a", out _, out _));
    }

    [Fact]
    public void A_group_that_a_reply_does_not_have_makes_it_malformed() =>
        Assert.False(new AnswerFormat("(?:x(?<answer>[0-9]))|y", 10).TryRead("y", out _, out _));

    [Fact]
    public void A_long_reply_that_almost_matches_is_refused_without_backtracking()
    {
        // Forwards and backwards again this would take for ever.
        var format = new AnswerFormat("(x+x+)+y", AnswerFormat.LongestAnswer);
        Assert.False(format.TryRead(new string('x', 50_000), out _, out _));
        Assert.True(format.TryRead("xxxxy", out _, out _));
    }

    [Theory]
    [InlineData("(", "regular expression")]
    [InlineData("a)(b", "regular expression")]
    [InlineData("[z-a]", "regular expression")]
    [InlineData(@"(a)\1", "looks around or back")]
    [InlineData("a(?=b)", "looks around or back")]
    public void A_pattern_that_is_none_is_refused_with_the_reason(string pattern, string reason) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new AnswerFormat(pattern, 10)).Message);

    [Fact]
    public void What_is_out_of_bounds_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new AnswerFormat(string.Empty, 10));
        Assert.Throws<ArgumentException>(() => new AnswerFormat(new string('a', AnswerFormat.LongestPattern + 1), 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnswerFormat("a", 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnswerFormat("a", AnswerFormat.LongestAnswer + 1));
    }

    [Fact]
    public void Formats_written_alike_are_equal()
    {
        Assert.Equal(new AnswerFormat("a", 1), new AnswerFormat("a", 1));
        Assert.NotEqual(new AnswerFormat("a", 1), new AnswerFormat("a", 2));
    }

    [Fact]
    public void Whatever_a_brain_says_is_read_or_thrown_away() => Prop.ForAll<string>(reply =>
    {
        var format = new AnswerFormat("(?s).+", 20);
        var read = format.TryRead(reply ?? string.Empty, out var answer, out _);
        return read ? answer == reply!.Trim() && answer.Length is > 0 and <= 20 : string.IsNullOrWhiteSpace(reply) || reply.Trim().Length > 20;
    }).QuickCheckThrowOnFailure();
}

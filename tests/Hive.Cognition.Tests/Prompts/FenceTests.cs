using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Hive.Cognition.Prompts;

namespace Hive.Cognition.Tests.Prompts;

public sealed class FenceTests
{
    [Fact]
    public void Data_stands_between_two_marks_of_one_tag() =>
        Assert.Matches(new Regex(@"\A<<<candidate ([0-9a-f]{16})\nline 1\n\tline 2\ncandidate \1>>>\z"), Fence.Wrap("candidate", "line 1\r\n\tline 2\0\u001b\u0085"));

    [Fact]
    public void Nothing_in_data_ends_its_fence() => Prop.ForAll<NonNull<string>, NonNull<string>>((before, after) =>
    {
        // The data tries to end a fence that it has seen: that of its own beginning.
        var seen = Fence.Wrap("data", before.Get);
        var lines = Fence.Wrap("data", $"{before.Get}\n{seen[(seen.LastIndexOf('\n') + 1)..]}\n{after.Get}").Split('\n');
        return lines.Count(line => line == lines[^1]) == 1 && lines.Count(line => line == lines[0]) == 1 && lines[0]["<<<".Length..] == lines[^1][..^">>>".Length];
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Marks_depend_on_the_data_and_the_label()
    {
        Assert.Equal(Fence.Wrap("a", "x"), Fence.Wrap("a", "x"));
        Assert.NotEqual(Fence.Wrap("a", "x")[..20], Fence.Wrap("a", "y")[..20]);
        Assert.NotEqual(Fence.Wrap("a", "x")[5..20], Fence.Wrap("b", "x")[5..20]);
    }

    [Fact]
    public void A_tag_that_the_data_contains_is_hashed_again()
    {
        var digest = new byte[32];
        var first = Fence.FreeTag(digest, "nothing");
        var second = Fence.FreeTag(digest, $"it says {first}");
        Assert.Equal("0000000000000000", first);
        Assert.Equal("66687aadf862bd77", second);
        Assert.NotEqual(second, Fence.FreeTag(digest, first + second));
    }

    [Fact]
    public void Halves_of_surrogate_pairs_are_replaced_and_whole_pairs_kept() =>
        Assert.Contains("\n\uFFFDx😀\uFFFD\n", Fence.Wrap("a", "\uD83Dx😀\uDE00"), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\nbreak")]
    public void A_label_is_one_plain_word(string label) => Assert.Throws<ArgumentException>(() => Fence.Wrap(label, "x"));
}

using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;

namespace Hive.Building.Tests;

public class EditedTextTests
{
    private static (string Text, List<string> Mistakes) Replace(string text, params (string Search, string Replace)[] blocks)
    {
        var mistakes = new List<string>();
        var parts = blocks.Select(block => new Replacement([.. block.Search.Split('\n')], block.Replace.Length == 0 ? [] : [.. block.Replace.Split('\n')]));
        return (EditedText.Replace("f.cs", text, [.. parts], mistakes), mistakes);
    }

    [Theory]
    [InlineData("a\nb\nc\n", "b", "B", "a\nB\nc\n")]
    [InlineData("a\nb\nc\n", "b\nc", "", "a\n")]
    [InlineData("a\nb", "b", "x\ny", "a\nx\ny")]
    [InlineData("a\r\nb\r\nc\r\n", "a\nb", "x\ny\nz", "x\r\ny\r\nz\r\nc\r\n")]
    [InlineData("a  \nb\t\nc\n", "a\nb", "x", "x\nc\n")]
    [InlineData("a\nb\n", "b   ", "x", "a\nx\n")]
    [InlineData("    return a - b;\n", "a - b", "a + b", "    return a + b;\n")]
    [InlineData("maximum\nmax\n", "max", "least", "maximum\nleast\n")]
    [InlineData("\uFEFFusing A;\nusing B;\n", "using A;", "using C;", "\uFEFFusing C;\nusing B;\n")]
    public void What_is_found_once_is_replaced_and_the_rest_stays(string text, string search, string replace, string expected)
    {
        var (actual, mistakes) = Replace(text, (search, replace));
        Assert.Empty(mistakes);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Blocks_are_replaced_one_after_the_other() =>
        Assert.Equal("3\n", Replace("1\n", ("1", "2"), ("2", "3")).Text);

    [Fact]
    public void A_text_that_is_there_twice_is_a_mistake_that_names_the_lines()
    {
        var mistake = Assert.Single(Replace("x\ny\nx\n", ("x", "z")).Mistakes);
        Assert.Equal("f.cs: the searched text that begins 'x' is there 2 times, in lines 1, 3: search for more lines around it, so that it is found once.", mistake);
    }

    [Fact]
    public void A_text_that_is_not_there_is_a_mistake_that_quotes_the_nearest_lines()
    {
        var mistake = Assert.Single(Replace("using A;\n\nint Sum(int a, int b)\n{\n    return a - b;\n}\n", ("int Sum(int a, int c)\n{", "x")).Mistakes);
        Assert.Equal(
            "f.cs: the searched text that begins 'int Sum(int a, int c)' is not in the file exactly once. The nearest lines, from line 3, are, exactly:\nint Sum(int a, int b)\n{",
            mistake);
    }

    [Fact]
    public void Whatever_part_of_a_text_is_replaced_the_result_is_what_one_expects()
    {
        var texts = ArbMap.Default.ArbFor<(ushort[] Lines, byte Start, byte Count, ushort[] New, bool IsWindows, bool IsOpen)>();
        Prop.ForAll(texts, given =>
        {
            // Each line once, so that every part of the text is there once.
            string[] lines = [.. given.Lines.Select((number, i) => $"line {i} {number}"), "last"];
            var start = given.Start % lines.Length;
            var count = 1 + (given.Count % (lines.Length - start));
            string[] replacement = [.. given.New.Select(number => $"new {number}")];
            var end = given.IsWindows && lines.Length > 1 ? "\r\n" : "\n";
            string Text(IEnumerable<string> all) => string.Concat(all.Select(line => line + end));
            string Open(string text) => given.IsOpen && text.Length > 0 ? text[..^end.Length] : text;
            string[] expected = [.. lines[..start], .. replacement, .. lines[(start + count)..]];

            var mistakes = new List<string>();
            var actual = EditedText.Replace("f", Open(Text(lines)), [new Replacement([.. lines[start..(start + count)]], [.. replacement])], mistakes);

            // Where the open end itself is taken away, what is then last keeps the end it has.
            var isEndGone = replacement.Length == 0 && start + count == lines.Length;
            return mistakes.Count == 0 && actual == (isEndGone ? Text(expected) : Open(Text(expected)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Lines_are_found_wherever_they_are()
    {
        Prop.ForAll<byte[], byte[]>((haystack, needle) =>
        {
            // Two different lines only, so that parts overlap and repeat.
            string[] lines = [.. haystack.Select(each => each % 2 == 0 ? "a" : "b")];
            string[] search = [.. needle.Take(4).Append((byte)0).Select(each => each % 2 == 0 ? "a" : "b")];
            var expected = Enumerable.Range(0, Math.Max(0, lines.Length - search.Length + 1)).Where(i => lines.AsSpan(i, search.Length).SequenceEqual(search));
            return TextLines.Of(string.Concat(lines.Select(line => line + "\n"))).Find(search.ToImmutableArray(), ignoresTrailingSpace: false).SequenceEqual(expected);
        }).QuickCheckThrowOnFailure();
    }
}

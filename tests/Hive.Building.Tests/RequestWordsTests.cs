using FsCheck;
using FsCheck.Fluent;

namespace Hive.Building.Tests;

public class RequestWordsTests
{
    [Theory]
    [InlineData("parseHTTPRequest", "parse,http,request")]
    [InlineData("Add the MAX_RETRY_count, please!", "max,retry,count")]
    [InlineData("src/Hive.Building/GitWorkshop.cs", "src,hive,building,git,workshop")]
    [InlineData("größer Größer", "größer")]
    [InlineData("a of in 42", "")]
    public void Words_are_those_that_tell_something(string request, string expected) => Assert.Equal(expected, string.Join(',', RequestWords.Of(request)));

    [Fact]
    public void Words_are_parts_of_the_text_in_its_order() => Prop.ForAll<string>(text =>
    {
        var at = 0;
        return RequestWords.Split(text ?? "").All(word => (at = text!.IndexOf(word, at, StringComparison.Ordinal)) >= 0 && word.Length >= 3 && word.All(char.IsLetterOrDigit));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Files_that_have_a_rare_word_go_before_files_that_have_a_common_one()
    {
        (string, string)[] files = [("common.txt", "word word word word"), ("rare.txt", "zebra word"), ("none.txt", "nothing"), ("long.txt", "word " + new string('x', 1_000))];
        Assert.Equal(["rare.txt", "common.txt", "long.txt", "none.txt"], Relevance.Rank(files, "a zebra and a word").Select(file => file.Path));
    }
}

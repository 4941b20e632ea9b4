using System.Collections.Immutable;

namespace Hive.Building.Tests;

public class EditReaderTests
{
    private static ImmutableArray<FileEdit> ReadAll(string reply)
    {
        var edits = EditReader.Read(reply, out var mistakes);
        Assert.Empty(mistakes);
        return edits;
    }

    private static string OnlyMistake(string reply)
    {
        Assert.Empty(EditReader.Read(reply, out var mistakes));
        return Assert.Single(mistakes);
    }

    [Fact]
    public void The_example_in_the_instructions_is_read()
    {
        var edits = ReadAll(EditFormat.Instructions);
        Assert.Equal(["src/greeting.txt", "src/new.txt", "src/old.txt"], edits.Select(edit => edit.Path));
        Assert.Equal(["Hello, world"], Assert.IsType<Replacements>(edits[0]).Blocks[0].Replace);
        Assert.Equal("the full text\n", Assert.IsType<FullText>(edits[1]).Text);
        Assert.IsType<Deletion>(edits[2]);
    }

    [Fact]
    public void Prose_around_the_edits_and_common_decorations_are_ignored()
    {
        var edits = ReadAll("""
            Sure! I will change two files.

            === `src/a.cs` ===
            Here is why:
            ```csharp

            <<<<<<< SEARCH
            old
            =======
            >>>>>>> REPLACE
            ```
            === b.md
            ````markdown
            Use it so:
            ```sh
            run
            ```
            ````
            Then run the tests:
            ```sh
            dotnet test
            ```
            """.Replace("\n", "\r\n", StringComparison.Ordinal));
        var block = Assert.Single(Assert.IsType<Replacements>(edits[0]).Blocks);
        Assert.Equal(["old"], block.Search);
        Assert.Empty(block.Replace);
        Assert.Equal("Use it so:\n```sh\nrun\n```\n", Assert.IsType<FullText>(edits[1]).Text);
    }

    [Fact]
    public void An_answer_that_is_wrapped_in_a_fence_as_a_whole_is_read()
    {
        var edits = ReadAll("Here:\n```text\n=== a.cs\n````\nnew\n````\n=== b.cs\ndelete\n```\n");
        Assert.Equal(["a.cs", "b.cs"], edits.Select(edit => edit.Path));
        Assert.IsType<Deletion>(edits[1]);
    }

    [Theory]
    [InlineData("I could not find anything to do.", "changes no file")]
    [InlineData("", "changes no file")]
    [InlineData("=== a.cs\nnothing here", "nothing to do")]
    [InlineData("<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE", "before any line '=== path'")]
    [InlineData("=== a.cs\n<<<<<<< SEARCH\na\n=======\nb\n", "not closed")]
    [InlineData("=== a.cs\n<<<<<<< SEARCH\na\n>>>>>>> REPLACE\n", "has 0 lines '======='")]
    [InlineData("=== a.cs\n<<<<<<< SEARCH\na\n=======\nb\n=======\nc\n>>>>>>> REPLACE\n", "has 2 lines '======='")]
    [InlineData("=== a.cs\n<<<<<<< SEARCH\n\n=======\nb\n>>>>>>> REPLACE\n", "searches for nothing")]
    [InlineData("=== a.cs\n```\nclass A", "cut off")]
    [InlineData("=== a.md\n```\n```sh\nrun\n```\n", "more backticks")]
    [InlineData("=== a.md\n```\nx\n```\n```\ny\n```\n", "more backticks")]
    [InlineData("=== a.cs\ndelete\n=== a.cs\n```\nx\n```", "named twice")]
    [InlineData("=== a.cs\ndelete\n```\nx\n```", "only one of them")]
    [InlineData("=== ../a.cs\ndelete", "empty part, '.' or '..'")]
    public void A_malformed_reply_is_a_mistake_that_says_how_to_mend_it(string reply, string part) =>
        Assert.Contains(part, OnlyMistake(reply), StringComparison.Ordinal);

    [Fact]
    public void A_reply_may_change_64_files_and_be_two_million_characters_long()
    {
        static string Deleting(int files) => string.Concat(Enumerable.Range(0, files).Select(i => $"=== f{i}\ndelete\n"));
        Assert.Equal(64, ReadAll(Deleting(64)).Length);
        Assert.Contains("65 files", OnlyMistake(Deleting(65)), StringComparison.Ordinal);
        Assert.Contains("characters long", OnlyMistake(new string('x', EditFormat.MaxReply + 1)), StringComparison.Ordinal);
    }
}

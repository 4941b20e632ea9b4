using System.Text;

namespace Hive.Building.Tests;

/// <summary>Replies that try to reach what is not theirs, or that cannot be carried out.</summary>
public class HostileReplyTests
{
    private static async Task<string> MistakeAsync(UserRepository user, string reply)
    {
        await using var site = await user.OpenAsync();
        var result = await site.ApplyAsync("x", reply, Sites.Cancellation);
        Assert.Equal("", result.Diff);
        return string.Join('\n', result.Mistakes);
    }

    [Theory]
    [InlineData("link/file.txt", "cannot be made, because link is a symbolic link")]
    [InlineData("link", "is a symbolic link or a submodule")]
    [InlineData("folder", "is a folder")]
    [InlineData("a.txt/b", "because a.txt is a file")]
    [InlineData("A.txt", "but a.txt does: correct the path")]
    [InlineData(".env", "looks like a file of secrets")]
    [InlineData("latin.txt", "is not a text in UTF-8")]
    public async Task A_path_through_or_onto_something_else_is_a_mistake(string path, string part)
    {
        using var user = new UserRepository(("a.txt", "a\n"), ("folder/b.txt", "b\n"), (".env", "API=1234\n"));
        File.CreateSymbolicLink(user.PathOf("link"), user.Scratch);
        File.WriteAllBytes(user.PathOf("latin.txt"), Encoding.Latin1.GetBytes("für\n"));
        user.Git("add", "--all");
        user.Git("commit", "--quiet", "--message", "More");

        Assert.Contains(part, await MistakeAsync(user, Sites.Writing(path, "written")), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(user.Scratch, "file.txt")));
    }

    [Fact]
    public async Task A_reply_cannot_put_a_file_below_another_of_its_own_nor_learn_a_secret()
    {
        using var user = new UserRepository(("a.txt", "a\n"), ("id_rsa", "PRIVATE\n"));
        Assert.Contains("because new is a file", await MistakeAsync(user, Sites.Writing("new", "x") + Sites.Writing("new/file", "y")), StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", await MistakeAsync(user, Sites.Replacing("id_rsa", "RSA", "x")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_elsewhere_is_pointed_to()
    {
        using var user = new UserRepository(("src/Parser.cs", "a\n"), ("tests/parser.cs", "b\n"), ("src/OtherParser.cs", "c\n"));
        Assert.Equal(
            "Parser.cs does not exist in the repository: correct the path to src/Parser.cs or tests/parser.cs, or give its full text between fences to make it.",
            await MistakeAsync(user, Sites.Replacing("Parser.cs", "a", "b")));
    }

    [Fact]
    public async Task A_file_may_give_way_to_a_folder_in_one_reply()
    {
        using var user = new UserRepository(("a", "a\n"), ("b", "b\n"));
        await using var site = await user.OpenAsync();
        await site.AppliedAsync("x", Sites.Writing("a/inner", "inner\n") + "=== a\ndelete\n");
        Assert.Equal("inner\n", (await site.ShellAsync("x", "cat a/inner")).Output);
    }

    [Fact]
    public async Task Files_are_at_most_a_mebibyte()
    {
        using var user = new UserRepository(("big.txt", new string('x', EditFormat.MaxFileBytes + 1)));
        Assert.Contains("above 1048576 cannot be changed", await MistakeAsync(user, Sites.Replacing("big.txt", "x", "y")), StringComparison.Ordinal);
        Assert.Contains("may have 1048576", await MistakeAsync(user, Sites.Writing("new.txt", new string('y', EditFormat.MaxFileBytes + 1))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_ends_rights_and_binary_files_stay_what_they_are()
    {
        using var user = new UserRepository(("crlf.txt", "a\r\nb\r\n"), ("run.sh", ""));
        UserRepository.WriteScript(user.PathOf("run.sh"), "#!/bin/sh\necho 1\n");
        File.WriteAllBytes(user.PathOf("image.bin"), [0, 255, 1, 254]);
        File.WriteAllBytes(user.PathOf("gone.bin"), [0, 200, 13, 10]);
        user.Git("add", "--all");
        user.Git("commit", "--quiet", "--message", "More");
        await using var site = await user.OpenAsync();

        var diff = await site.AppliedAsync("x", Sites.Writing("crlf.txt", "a\nB\n") + Sites.Replacing("run.sh", "echo 1", "echo 2") + "=== gone.bin\ndelete\n" + Sites.Writing("new.sh", "#!/bin/sh\nexit 0\n"));
        Assert.Empty((await site.MergeAsync("join", [diff], Sites.Cancellation)).LeftOut);
        await site.PublishAsync("join", "hive/g1", "Change", Sites.Cancellation);

        Assert.Equal("a\r\nB\r", user.Git("show", "hive/g1:crlf.txt"));
        Assert.StartsWith("100755", user.Git("ls-tree", "hive/g1", "run.sh"), StringComparison.Ordinal);
        Assert.StartsWith("100755", user.Git("ls-tree", "hive/g1", "new.sh"), StringComparison.Ordinal);
        Assert.Equal(user.Git("rev-parse", "main:image.bin"), user.Git("rev-parse", "hive/g1:image.bin"));
        Assert.DoesNotContain("gone.bin", user.Git("ls-tree", "--name-only", "hive/g1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_diff_that_would_make_a_link_or_reach_git_is_left_out()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        await using var site = await user.OpenAsync();
        var link = "diff --git a/link b/link\nnew file mode 120000\n--- /dev/null\n+++ b/link\n@@ -0,0 +1 @@\n+/etc/passwd\n\\ No newline at end of file\n";
        var config = "diff --git a/.git/config b/.git/config\nnew file mode 100644\n--- /dev/null\n+++ b/.git/config\n@@ -0,0 +1 @@\n+x\n";
        var outside = config.Replace(".git/config", "../../outside", StringComparison.Ordinal);
        var merged = await site.MergeAsync("join", [link, config, outside], Sites.Cancellation);
        Assert.Equal([0, 1, 2], merged.LeftOut);
        Assert.Equal("", merged.Diff);
    }
}

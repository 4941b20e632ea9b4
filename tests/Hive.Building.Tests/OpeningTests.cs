using Hive.Testing;

namespace Hive.Building.Tests;

public class OpeningTests
{
    [Fact]
    public async Task A_site_is_found_again_with_its_base_commit_and_its_trees()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        var head = user.Head;
        await using (var site = await user.OpenAsync())
        {
            await site.AppliedAsync("x", Sites.Replacing("a.txt", "a", "b"));
        }

        user.Write("a.txt", "moved on\n");
        user.Git("commit", "--all", "--quiet", "--message", "Move on");
        await using var again = await user.OpenAsync();
        Assert.Equal(head, again.BaseCommit);
        Assert.Equal("b\n", (await again.ShellAsync("x", "cat a.txt")).Output);
        await again.PublishAsync("x", "hive/g1", "Change", Sites.Cancellation);
        Assert.Equal(head, user.Git("rev-parse", "hive/g1^"));
    }

    [Fact]
    public async Task A_site_is_not_used_for_another_commit_or_repository_until_it_is_removed()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        using var other = new UserRepository(("b.txt", "b\n"));
        var first = user.Head;
        user.Write("a.txt", "b\n");
        user.Git("commit", "--all", "--quiet", "--message", "Second");
        await (await user.OpenAsync()).DisposeAsync();
        await Assert.ThrowsAsync<BuildException>(() => user.Workshop().OpenAsync("g1", user.Folder, first, Sites.Cancellation));
        await Assert.ThrowsAsync<BuildException>(() => user.Workshop().OpenAsync("g1", other.Folder, null, Sites.Cancellation));

        await user.Workshop().RemoveAsync("g1", Sites.Cancellation);
        await user.Workshop().RemoveAsync("g1", Sites.Cancellation);
        Assert.Empty(Directory.EnumerateFileSystemEntries(user.Sites));
        await using var site = await user.Workshop().OpenAsync("g1", user.Folder, first[..10], Sites.Cancellation);
        Assert.Equal(first, site.BaseCommit);
    }

    [Fact]
    public async Task What_is_no_repository_with_a_commit_is_refused_in_words_to_act_on()
    {
        using var user = new UserRepository();
        async Task<string> RefusalAsync(string folder, string? commit = null) =>
            (await Assert.ThrowsAsync<BuildException>(() => user.Workshop().OpenAsync("g1", folder, commit, Sites.Cancellation))).Message;

        Assert.Contains("does not exist", await RefusalAsync(user.PathOf("missing")), StringComparison.Ordinal);
        Directory.CreateDirectory(user.PathOf("inner"));
        Assert.Contains("cannot be used as a git repository", await RefusalAsync(user.PathOf("inner")), StringComparison.Ordinal);
        Assert.Contains("has no commit 'nonsense'", await RefusalAsync(user.Folder, "nonsense"), StringComparison.Ordinal);
        Assert.Contains("has no commit '--all'", await RefusalAsync(user.Folder, "--all"), StringComparison.Ordinal);
        var empty = TemporaryDirectory.Create("hive-empty");
        user.Git("init", "--quiet", empty);
        Assert.Contains("has no commit yet", await RefusalAsync(empty), StringComparison.Ordinal);
        TemporaryDirectory.Delete(empty);
    }

    [Theory]
    [InlineData("../g")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    [InlineData("a..b")]
    [InlineData("a.lock")]
    [InlineData("a\n")]
    public async Task Ids_that_are_no_plain_names_are_refused(string id)
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        await Assert.ThrowsAsync<ArgumentException>(() => user.OpenAsync(id));
        await Assert.ThrowsAsync<ArgumentException>(() => user.Workshop().RemoveAsync(id, Sites.Cancellation));
        await using var site = await user.OpenAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => site.ApplyAsync(id, "", Sites.Cancellation));
    }

    [Theory]
    [InlineData("shallow")]
    [InlineData("bare")]
    [InlineData("worktree")]
    [InlineData("sha256")]
    [InlineData("a folder with 'quotes' and ünïcode")]
    public async Task Repositories_of_every_kind_can_be_built_on(string kind)
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        user.Git("commit", "--quiet", "--allow-empty", "--message", "Second");
        var other = Path.Combine(user.Scratch, kind);
        string[] make = kind switch
        {
            "shallow" => ["clone", "--quiet", "--depth=1", "file://" + user.Folder, other],
            "bare" => ["clone", "--quiet", "--bare", user.Folder, other],
            "worktree" => ["worktree", "add", "--quiet", "-b", "elsewhere", other],
            "sha256" => ["init", "--quiet", "--object-format=sha256", other],
            _ => ["clone", "--quiet", user.Folder, other],
        };
        user.Git(make);
        if (kind == "sha256")
        {
            File.WriteAllText(Path.Combine(other, "a.txt"), "a\n");
            user.Git("-C", other, "add", "a.txt");
            user.Git("-C", other, "commit", "--quiet", "--message", "Begin");
        }

        await using var site = await user.Workshop().OpenAsync("g1", other, null, Sites.Cancellation);
        await site.AppliedAsync("x", Sites.Replacing("a.txt", "a", "b"));
        Assert.Equal("b\n", (await site.ShellAsync("x", "cat a.txt && git log -1 --format= && git status --short")).Output);
        var commit = await site.PublishAsync("x", "hive/g1", "Change", Sites.Cancellation);
        Assert.Equal(commit, user.Git("-C", other, "rev-parse", "hive/g1"));
        Assert.Equal("b", user.Git("-C", other, "show", "hive/g1:a.txt"));
    }
}

namespace Hive.Building.Tests;

public class BuildSiteTests
{
    [Fact]
    public async Task A_change_is_applied_tested_merged_and_published_as_one_commit()
    {
        using var user = new UserRepository(("greet.sh", "echo hello\n"), ("names.txt", "a\nb\nc\nd\ne\nf\n"));
        await using var site = await user.OpenAsync();
        Assert.Equal(user.Head, site.BaseCommit);

        var first = await site.AppliedAsync("r0.t0.a0", Sites.Replacing("greet.sh", "echo hello", "echo hello, world"));
        var second = await site.AppliedAsync("r0.t1.a0", Sites.Replacing("names.txt", "a\nb", "A\nb") + Sites.Writing("new/deep.txt", "deep\n"));
        Assert.Contains("+echo hello, world", first, StringComparison.Ordinal);
        Assert.Contains("+++ b/new/deep.txt", second, StringComparison.Ordinal);

        var merged = await site.MergeAsync("r0.join", [first, second], Sites.Cancellation);
        Assert.Empty(merged.LeftOut);
        var test = await site.ShellAsync("r0.join", "test \"$(sh greet.sh)\" = 'hello, world' && cat new/deep.txt && head -n 1 names.txt");
        Assert.Equal((true, "deep\nA\n"), (test.Passed, test.Output));
        Assert.False((await site.ShellAsync("r0.t1.a0", "test \"$(sh greet.sh)\" = 'hello, world'")).Passed);

        var commit = await site.PublishAsync("r0.join", "hive/g1", "Greet the world\n\nEvidence: the tests pass.", Sites.Cancellation);
        Assert.Equal(commit, user.Git("rev-parse", "hive/g1"));
        Assert.Equal($"{user.Head}|Hive <hive@localhost>|Hive|Greet the world", user.Git("log", "-1", "--format=%P|%an <%ae>|%cn|%s", "hive/g1"));
        Assert.Equal("echo hello, world", user.Git("show", "hive/g1:greet.sh"));
        Assert.Equal("deep", user.Git("show", "hive/g1:new/deep.txt"));
        Assert.Equal("", user.Git("fsck", "--strict", "--no-dangling"));
    }

    [Fact]
    public async Task Nothing_in_the_users_repository_changes_but_objects_and_the_published_branch()
    {
        using var user = new UserRepository(("a.txt", "a\n"), ("b.txt", "b\n"), (".gitignore", "*.log\n"));
        user.Git("branch", "other");
        user.Write("a.txt", "stashed\n");
        user.Git("stash");
        user.Write("a.txt", "changed, not staged\n");
        user.Write("b.txt", "staged\n");
        user.Git("add", "b.txt");
        user.Write("untracked.txt", "untracked\n");
        user.Write("ignored.log", "ignored\n");
        var before = user.Snapshot();

        await using (var site = await user.OpenAsync())
        {
            Assert.DoesNotContain("staged", await site.DescribeAsync("a", 10_000, Sites.Cancellation), StringComparison.Ordinal);
            await site.AppliedAsync("x", Sites.Replacing("a.txt", "a", "A"));
            await site.AppliedAsync("y", "=== b.txt\ndelete\n");
            Assert.True((await site.ShellAsync("x", "test \"$(cat a.txt b.txt)\" = 'A\nb' && test ! -e untracked.txt")).Passed);
            Assert.Equal(before, user.Snapshot());
            await site.PublishAsync("x", "hive/g1", "One", Sites.Cancellation);
            await site.PublishAsync("y", "hive/g1", "Another", Sites.Cancellation);
        }

        var after = user.Snapshot();
        var changed = before.Keys.Union(after.Keys).Where(path => before.GetValueOrDefault(path) != after.GetValueOrDefault(path)).ToArray();
        Assert.NotEmpty(changed);
        Assert.All(changed, path => Assert.Matches(@"^\.git/(objects/.*|refs/heads/hive|refs/heads/hive/g1)$", path));
        Assert.All(before.Keys, path => Assert.True(after.ContainsKey(path), path));
        Assert.Equal("Another", user.Git("log", "-1", "--format=%s", "hive/g1"));
        Assert.Equal("1", user.Git("rev-list", "--count", "main..hive/g1"));
    }

    [Fact]
    public async Task A_diff_that_does_not_apply_on_top_of_the_others_is_left_out_and_named()
    {
        using var user = new UserRepository(("a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n"));
        await using var site = await user.OpenAsync();
        var first = await site.AppliedAsync("a", Sites.Replacing("a.txt", "2", "two"));
        var clashing = await site.AppliedAsync("b", Sites.Replacing("a.txt", "2", "zwei"));
        var same = await site.AppliedAsync("c", Sites.Replacing("a.txt", "2", "two"));
        var distant = await site.AppliedAsync("d", Sites.Replacing("a.txt", "8", "eight"));

        var merged = await site.MergeAsync("join", [first, clashing, same, "", "no diff at all", distant], Sites.Cancellation);

        Assert.Equal([1, 4], merged.LeftOut);
        Assert.Equal("1\ntwo\n3\n4\n5\n6\n7\neight\n9\n", (await site.ShellAsync("join", "cat a.txt")).Output);
    }

    [Fact]
    public async Task The_same_attempt_again_begins_anew_and_mistakes_change_nothing()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        await using var site = await user.OpenAsync();
        await site.AppliedAsync("x", Sites.Writing("b.txt", "b\n"));
        await site.AppliedAsync("x", Sites.Replacing("a.txt", "a", "A"));
        var wrong = await site.ApplyAsync("x", Sites.Replacing("a.txt", "a", "B") + Sites.Replacing("missing.txt", "a", "b"), Sites.Cancellation);

        Assert.Equal("", wrong.Diff);
        Assert.Equal("missing.txt does not exist in the repository: correct the path, or give its full text between fences to make it.", Assert.Single(wrong.Mistakes));
        Assert.Equal("A\na.txt\n", (await site.ShellAsync("x", "cat a.txt; ls")).Output);
    }

    [Fact]
    public async Task A_tree_that_was_never_made_cannot_be_tested_and_one_without_a_change_is_not_published()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        await using var site = await user.OpenAsync();
        await Assert.ThrowsAsync<BuildException>(() => site.ShellAsync("never", "true"));
        Assert.Equal("", await site.AppliedAsync("same", Sites.Writing("a.txt", "a\n")));
        await Assert.ThrowsAsync<BuildException>(() => site.PublishAsync("same", "hive/g1", "Nothing", Sites.Cancellation));
    }
}

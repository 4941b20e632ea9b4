namespace Hive.Building.Tests;

public class PublishingTests
{
    private static async Task<string> RefusalAsync(UserRepository user, string branch = "hive/g1")
    {
        await using var site = await user.OpenAsync();
        await site.AppliedAsync("x", Sites.Replacing("a.txt", "a", "b"));
        var before = user.Git("for-each-ref");
        var refusal = await Assert.ThrowsAsync<BuildException>(() => site.PublishAsync("x", branch, "Change", Sites.Cancellation));
        Assert.Equal(before, user.Git("for-each-ref"));
        return refusal.Message;
    }

    [Fact]
    public async Task A_branch_that_is_checked_out_anywhere_is_refused()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        user.Git("worktree", "add", "--quiet", "-b", "hive/g1", Path.Combine(user.Scratch, "elsewhere"));
        Assert.Contains("is checked out in", await RefusalAsync(user), StringComparison.Ordinal);
        user.Git("symbolic-ref", "HEAD", "refs/heads/hive/unborn");
        user.Git("symbolic-ref", "HEAD", "refs/heads/main");
        user.Git("checkout", "--quiet", "-b", "hive/g2");
        Assert.Contains("is checked out in", await RefusalAsync(user, "hive/g2"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_branch_with_a_persons_commit_is_refused()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        user.Git("branch", "hive/g1");
        Assert.Contains("holds a commit that Hive did not make", await RefusalAsync(user), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_branch_that_stands_in_the_way_is_refused()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        user.Git("branch", "hive");
        Assert.Contains("refs/heads/hive", await RefusalAsync(user), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("main")]
    [InlineData("hive/")]
    [InlineData("hive/../main")]
    [InlineData("hive/a/b")]
    [InlineData("refs/heads/main")]
    [InlineData("hive/-x")]
    [InlineData("hive/x.lock")]
    [InlineData("hive/x\n")]
    public async Task Only_branches_of_hives_own_are_published(string branch)
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        Assert.Contains("no branch that Hive publishes", await RefusalAsync(user, branch), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_that_a_killed_git_left_on_the_branch_is_removed_and_a_fresh_one_heeded()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        var file = user.PathOf(".git/refs/heads/hive/g1.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "");
        Assert.Contains("lock", await RefusalAsync(user), StringComparison.Ordinal);

        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-1));
        await using var site = await user.OpenAsync();
        Assert.Equal(await site.PublishAsync("x", "hive/g1", "Change", Sites.Cancellation), user.Git("rev-parse", "hive/g1"));
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task The_commit_is_dated_by_the_clock_and_its_message_is_bounded_and_clean()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        var workshop = new GitWorkshop(user.Sites, new StillClock(DateTimeOffset.Parse("2030-01-02T03:04:05Z", System.Globalization.CultureInfo.InvariantCulture)));
        await using var site = await workshop.OpenAsync("g1", user.Folder, null, Sites.Cancellation);
        await site.AppliedAsync("x", Sites.Replacing("a.txt", "a", "b"));
        await site.PublishAsync("x", "hive/g1", "Sub\u001b[2Jject\n\nBody\n" + new string('x', 100_000), Sites.Cancellation);
        Assert.Equal("2030-01-02T03:04:05+00:00 2030-01-02T03:04:05+00:00 Sub[2Jject", user.Git("log", "-1", "--format=%aI %cI %s", "hive/g1"));
        Assert.InRange(user.Git("log", "-1", "--format=%B", "hive/g1").Length, 60_000, 70_000);
    }

    private sealed class StillClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

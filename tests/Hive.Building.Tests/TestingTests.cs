using System.Diagnostics;

namespace Hive.Building.Tests;

public class TestingTests
{
    /// <summary>Ends when no process holds the pipe's other end any more.</summary>
    private static Process Watch(UserRepository user, out string pipe)
    {
        pipe = Path.Combine(user.Scratch, "alive.pipe");
        using (var made = Process.Start("mkfifo", pipe)) made.WaitForExit();
        return Process.Start(new ProcessStartInfo("cat", [pipe]) { RedirectStandardOutput = true })!;
    }

    private static async Task<IBuildSite> OpenWithTreeAsync(UserRepository user)
    {
        var site = await user.OpenAsync();
        await site.AppliedAsync("x", Sites.Writing("b.txt", "b\n"));
        return site;
    }

    [Fact]
    public async Task The_environment_holds_what_builds_need_and_no_secret()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        await using var site = await OpenWithTreeAsync(user);
        foreach (var (name, value) in new[] { ("OPENAI_API_KEY", "s3cret"), ("DOTNET_HIVE_TOKEN", "s3cret"), ("NUGET_HIVE_PASSWORD", "s3cret"), ("HIVE_OTHER", "s3cret"), ("DOTNET_HIVE_SETTING", "kept") })
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        var output = (await site.ShellAsync("x", "env")).Output;
        Assert.DoesNotContain("s3cret", output, StringComparison.Ordinal);
        Assert.Contains("DOTNET_HIVE_SETTING=kept\n", output, StringComparison.Ordinal);
        Assert.Contains("\nPATH=" + Environment.GetEnvironmentVariable("PATH"), "\n" + output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_is_run_without_a_shell()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        await using var site = await OpenWithTreeAsync(user);
        var test = await site.TestAsync("x", ["printf", "%s|", "$HOME", "; exit 1", "a b", "`id`"], TimeSpan.FromMinutes(1), Sites.Cancellation);
        Assert.Equal((true, "$HOME|; exit 1|a b|`id`|"), (test.Passed, test.Output));
    }

    [Theory]
    [InlineData("sleep 1000")]
    [InlineData("trap '' TERM HUP INT; sleep 1000 & while :; do sleep 1000; done")]
    [InlineData("setsid sh -c 'trap \"\" TERM HUP; sleep 1000; sleep 1000' & sleep 1000")]
    public async Task A_command_that_takes_too_long_is_killed_with_all_that_it_started(string deed)
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        var time = new TimeoutAtWill();
        await using var site = await new GitWorkshop(user.Sites, time).OpenAsync("g1", user.Folder, null, Sites.Cancellation);
        await site.AppliedAsync("x", Sites.Writing("b.txt", "b\n"));
        using var watch = Watch(user, out var pipe);
        var running = site.TestAsync("x", ["sh", "-c", $"echo begun; exec 9>{pipe}; echo begun >&9; {deed}"], TimeoutAtWill.Timeout, Sites.Cancellation);
        Assert.Equal("begun", await watch.StandardOutput.ReadLineAsync(Sites.Cancellation));
        time.Pass();
        var test = await running;
        Assert.False(test.Passed);
        Assert.EndsWith("[killed: it did not end within 12345 s]\n", test.Output, StringComparison.Ordinal);
        await watch.WaitForExitAsync(Sites.Cancellation);
    }

    [Fact]
    public async Task What_a_command_leaves_running_is_killed_and_its_result_still_counts()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        await using var site = await OpenWithTreeAsync(user);
        using var watch = Watch(user, out var pipe);
        var test = await site.ShellAsync("x", $"exec 9>{pipe}; setsid sleep 1000 & echo passed; exit 0");
        Assert.Equal((true, "passed\n"), (test.Passed, test.Output));
        await watch.WaitForExitAsync(Sites.Cancellation);
    }

    [Fact]
    public async Task Disposing_of_the_site_ends_a_running_test_and_removes_its_work_tree()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        var site = await OpenWithTreeAsync(user);
        using var watch = Watch(user, out var pipe);
        var running = site.ShellAsync("x", $"echo begun > {pipe}; exec 9>{pipe}; sleep 1000");
        Assert.Equal("begun", await watch.StandardOutput.ReadLineAsync(Sites.Cancellation));
        await site.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await watch.WaitForExitAsync(Sites.Cancellation);
        Assert.False(Directory.Exists(Path.Combine(user.Sites, "g1", "trees")));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => site.ShellAsync("x", "true"));
    }

    [Fact]
    public async Task The_end_of_the_output_is_kept_errors_in_their_place_and_the_status_told()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        await using var site = await OpenWithTreeAsync(user);
        var few = await site.ShellAsync("x", "echo one; echo two >&2; printf 'thr\\033ee\\000'; exit 3");
        Assert.Equal((false, "one\ntwo\nthree\n[it ended with exit status 3]\n"), (few.Passed, few.Output));
        var many = await site.ShellAsync("x", "yes ä 2>/dev/null | head -c 3000000; echo end");
        Assert.InRange(many.Output.Length, 5_000, OutputTail.Kept + 100);
        Assert.StartsWith("[earlier output is left out]\n", many.Output, StringComparison.Ordinal);
        Assert.EndsWith("end\n", many.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', many.Output);
    }

    [Fact]
    public async Task A_program_that_is_missing_fails_the_test_and_says_so()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        await using var site = await OpenWithTreeAsync(user);
        var test = await site.TestAsync("x", ["./test.sh"], TimeSpan.FromMinutes(1), Sites.Cancellation);
        Assert.False(test.Passed);
        Assert.Contains("does not exist", test.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_test_begins_with_the_trees_own_files_and_git_in_it_is_not_the_users()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        var before = user.Snapshot();
        await using var site = await OpenWithTreeAsync(user);
        await site.ShellAsync("x", "echo changed > a.txt; mkdir locked; touch locked/left; chmod 555 locked; git checkout -q -b own; git -c user.name=x -c user.email=x commit -qam x");
        Assert.Equal("a\na.txt\nb.txt\n", (await site.ShellAsync("x", "cat a.txt; ls")).Output);
        Assert.Equal(before, user.Snapshot());
    }

    [Fact]
    public async Task Many_attempts_are_made_and_tested_at_once_within_a_bounded_number_of_work_trees()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        await using var site = await user.OpenAsync();
        var trees = Path.Combine(user.Sites, "g1", "trees");
        var tests = await Task.WhenAll(Enumerable.Range(0, 24).Select(async i =>
        {
            await site.AppliedAsync($"t{i}", Sites.Replacing("a.txt", "a", $"{i}"));
            return await site.ShellAsync($"t{i}", $"test \"$(cat a.txt)\" = {i} && ls {trees} | wc -l");
        }));
        Assert.All(tests, test => Assert.True(test.Passed, test.Output));
        Assert.All(tests, test => Assert.InRange(int.Parse(test.Output.Trim(), System.Globalization.CultureInfo.InvariantCulture), 1, WorkTrees.Most));
        Assert.Empty(Directory.EnumerateFileSystemEntries(trees));
    }
}

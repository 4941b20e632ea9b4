using System.Globalization;

namespace Hive.Building.Tests;

/// <summary>Whatever git command a crash follows, the goal goes on from there.</summary>
public class CrashTests
{
    [Fact]
    public async Task A_crash_after_any_command_loses_nothing_and_hurts_nobody()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        var head = user.Head;
        var counter = Path.Combine(user.Scratch, "counter");
        var git = UserRepository.WriteScript(Path.Combine(user.Scratch, "git.sh"), $"""
            #!/bin/sh
            left=$(($(cat {counter}) - 1))
            echo $left > {counter}
            if [ $left -eq 0 ]; then
                git "$@"
                kill -KILL $$
            fi
            exec git "$@"
            """);
        var crashes = 0;
        for (var isOver = false; !isOver; crashes++)
        {
            var goal = $"g{crashes}";
            File.WriteAllText(counter, (crashes + 1).ToString(CultureInfo.InvariantCulture));
            try
            {
                // A crash disposes of nothing.
                await BuildAsync(await user.Workshop(git).OpenAsync(goal, user.Folder, null, Sites.Cancellation), goal);
                isOver = true;
                Assert.True(int.Parse(File.ReadAllText(counter), CultureInfo.InvariantCulture) > 0, "a command died, and nobody saw it");
            }
            catch (BuildException)
            {
                await using var again = await user.OpenAsync(goal);
                await BuildAsync(again, goal);
            }

            Assert.Equal("b", user.Git("show", $"hive/{goal}:a.txt"));
            Assert.Equal(head, user.Git("rev-parse", $"hive/{goal}^"));
        }

        Assert.InRange(crashes, 15, 60);
        Assert.Equal(head, user.Head);
        Assert.Equal("", user.Git("status", "--short"));
        Assert.Equal("", user.Git("fsck", "--strict", "--no-dangling"));
    }

    [Theory]
    [InlineData("repository.git/hive-site")]
    [InlineData("repository.git/HEAD")]
    [InlineData("repository.git/objects/info/alternates")]
    public async Task A_site_that_was_made_half_is_made_anew(string missing)
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        await (await user.OpenAsync()).DisposeAsync();
        var folder = Path.Combine(user.Sites, "g1");
        File.Delete(Path.Combine(folder, missing));
        Directory.CreateDirectory(Path.Combine(folder, "repository.git.new", "refs"));
        Directory.CreateDirectory(Path.Combine(folder, "trees", "0"));
        File.WriteAllText(Path.Combine(folder, "trees", "0", "left"), "");
        await using var site = await user.OpenAsync();
        await BuildAsync(site, "g1");
        Assert.Equal("b", user.Git("show", "hive/g1:a.txt"));
    }

    [Fact]
    public async Task Locks_that_a_killed_git_left_in_the_site_are_removed()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        await using (var site = await user.OpenAsync())
        {
            await site.AppliedAsync("x", Sites.Replacing("a.txt", "a", "c"));
        }

        File.WriteAllText(Path.Combine(user.Sites, "g1", "repository.git", Site.ReferenceOf("x") + ".lock"), "");
        await using var again = await user.OpenAsync();
        await BuildAsync(again, "g1");
    }

    private static async Task BuildAsync(IBuildSite site, string goal)
    {
        var diff = await site.AppliedAsync("x", Sites.Replacing("a.txt", "a", "b"));
        Assert.Empty((await site.MergeAsync("join", [diff], Sites.Cancellation)).LeftOut);
        Assert.Equal("b\n", (await site.ShellAsync("join", "cat a.txt")).Output);
        await site.PublishAsync("join", $"hive/{goal}", "Change", Sites.Cancellation);
    }
}

namespace Hive.Building.Tests;

/// <summary>Repositories whose own settings would run programs if anybody let them.</summary>
public class HostileRepositoryTests
{
    [Fact]
    public async Task No_hook_filter_driver_or_helper_that_the_repository_configures_is_ever_started()
    {
        using var user = new UserRepository(
            ("a.txt", "a\n"), (".gitattributes", "*.txt filter=evil diff=evil merge=evil text\n"), (".gitmodules", "[submodule \"s\"]\npath = s\nurl = ext::sh -c x\n"));
        var fired = Path.Combine(user.Scratch, "fired");
        var deed = UserRepository.WriteScript(Path.Combine(user.Scratch, "deed.sh"), $"#!/bin/sh\necho \"$0 $*\" >> {fired}\nexit 0\n");
        foreach (var hook in new[] { "pre-commit", "commit-msg", "post-commit", "post-checkout", "reference-transaction", "pre-receive", "update", "post-update", "pre-push", "post-index-change" })
        {
            File.Copy(deed, user.PathOf(".git/hooks/" + hook));
        }

        foreach (var setting in new[] { "core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.alternateRefsCommand", "diff.external", "diff.evil.command", "diff.evil.textconv", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "credential.helper", "gpg.program", "uploadpack.packObjectsHook" })
        {
            user.Git("config", setting, deed);
        }

        user.Git("config", "merge.evil.driver", deed + " %A");
        user.Git("config", "commit.gpgSign", "true");
        user.Git("config", "alias.ls-tree", "!" + deed);
        user.Git("config", "core.hooksPath", user.PathOf(".git/hooks"));

        await using (var site = await user.OpenAsync())
        {
            await site.DescribeAsync("a", 1_000, Sites.Cancellation);
            var one = await site.AppliedAsync("x", Sites.Replacing("a.txt", "a", "b"));
            var other = await site.AppliedAsync("y", Sites.Replacing("a.txt", "a", "c"));
            Assert.Equal([1], (await site.MergeAsync("join", [one, other], Sites.Cancellation)).LeftOut);
            Assert.Equal("b\n", (await site.ShellAsync("join", "cat a.txt")).Output);
            await site.PublishAsync("join", "hive/g1", "Change", Sites.Cancellation);
        }

        Assert.False(File.Exists(fired), File.Exists(fired) ? File.ReadAllText(fired) : "");

        // The traps work: git itself, used as people use it, falls into them.
        user.Git("update-ref", "refs/heads/trap", "HEAD");
        user.Write("a.txt", "changed\n");
        user.Git("-c", "filter.evil.process=", "diff");
        Assert.Contains("hooks/reference-transaction", File.ReadAllText(fired), StringComparison.Ordinal);
        Assert.Contains("deed.sh a.txt", File.ReadAllText(fired), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Objects_that_a_partial_clone_lacks_are_not_fetched()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        var fired = Path.Combine(user.Scratch, "fired");
        var blob = user.Git("rev-parse", "HEAD:a.txt");
        File.Delete(user.PathOf($".git/objects/{blob[..2]}/{blob[2..]}"));
        user.Git("config", "core.repositoryFormatVersion", "1");
        user.Git("config", "extensions.partialClone", "origin");
        user.Git("config", "remote.origin.promisor", "true");
        user.Git("config", "remote.origin.url", $"ext::sh -c 'echo fired >> {fired}'");
        user.Git("config", "protocol.ext.allow", "always");

        var refused = await Assert.ThrowsAsync<BuildException>(async () =>
        {
            await using var site = await user.OpenAsync();
            await site.DescribeAsync("a", 1_000, Sites.Cancellation);
        });

        Assert.Contains("commit", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(fired));
    }

    [Fact]
    public async Task A_replaced_object_is_not_looked_at()
    {
        using var user = new UserRepository(("a.txt", "a\n"));
        user.Write("a.txt", "false\n");
        user.Git("add", "a.txt");
        user.Git("replace", user.Git("rev-parse", "HEAD:a.txt"), user.Git("rev-parse", ":a.txt"));
        await using var site = await user.OpenAsync();
        Assert.DoesNotContain("false", await site.DescribeAsync("a", 1_000, Sites.Cancellation), StringComparison.Ordinal);
    }
}

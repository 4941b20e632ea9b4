using System.Globalization;
using Hive.Archive;
using Hive.ArchiveWriter;
using Hive.Testing;

namespace Hive.Research.Tests.Archive;

public sealed class ResearchArchiveTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2030, 5, 6, 7, 8, 9, 10, TimeSpan.FromHours(2));
    private readonly string _folder = TemporaryDirectory.Create("hive-archive");

    private string Directory => Path.Combine(_folder, "archive.git");

    public void Dispose() => TemporaryDirectory.Delete(_folder);

    [Fact]
    public async Task A_campaign_is_readable_with_git_and_valid()
    {
        await using (var archive = await OpenAsync())
        {
            await archive.AddRunAsync("ada", 1, At, "{\"value\":2}", "# Run 1\n", "{\"value\":2}", CancellationToken.None);
            await archive.AddRunAsync("ada", 2, At, "{\"value\":3}", "# Run 2\n", null, CancellationToken.None);
            await archive.AddPaperAsync("ada", "kaiming-helps", At, "# Kaiming initialisation helps\n", CancellationToken.None);
            await archive.AddSnapshotAsync(At, "{\"agents\":1}", CancellationToken.None);
        }

        Assert.Equal("best.json\npapers/kaiming-helps.md\nrun-0001.json\nrun-0001.md\nrun-0002.json\nrun-0002.md", await GitAsync("ls-tree", "-r", "--name-only", "agents/ada"));
        Assert.Equal("snapshots/2030-05-06T05-08-09-010Z.json\nsnapshots/latest.json", await GitAsync("ls-tree", "-r", "--name-only", "HEAD"));
        Assert.Equal("{\"value\":2}", await GitAsync("show", "agents/ada:best.json"));
        Assert.Equal("ada 1904274489 paper kaiming-helps|ada 1904274489 run-0002|ada 1904274489 run-0001: the best so far", await GitAsync("log", "--format=%an %at %s", "agents/ada").ContinueWith(log => log.Result.Replace('\n', '|')));
        await Repository.CheckAsync(Directory);
    }

    [Fact]
    public async Task Equal_campaigns_give_equal_commits()
    {
        await CampaignAsync(Directory, 12);
        await CampaignAsync(Path.Combine(_folder, "other.git"), 12);
        var branches = await Repository.BranchesAsync(Directory);
        Assert.Equal(6, branches.Split('\n').Length);
        Assert.Equal(branches, await Repository.BranchesAsync(Path.Combine(_folder, "other.git")));
    }

    [Fact]
    public async Task Adding_everything_again_changes_nothing_and_new_runs_follow_the_old_ones()
    {
        await CampaignAsync(Directory, 5);
        var before = await Repository.BranchesAsync(Directory);
        await CampaignAsync(Directory, 5);
        Assert.Equal(before, await Repository.BranchesAsync(Directory));
        await CampaignAsync(Directory, 12);
        await CampaignAsync(Path.Combine(_folder, "other.git"), 12);
        Assert.Equal(await Repository.BranchesAsync(Path.Combine(_folder, "other.git")), await Repository.BranchesAsync(Directory));
    }

    [Fact]
    public async Task What_was_safe_survives_a_kill_and_the_rest_is_added_again_to_the_same_commits()
    {
        var safe = 0;
        await using (var writer = ChildProcess.Start("Hive.ArchiveWriter.dll", Directory))
        {
            await foreach (var line in writer.ReadLinesAsync())
            {
                safe = int.Parse(line, CultureInfo.InvariantCulture);
                if (safe == 28) writer.Kill();
            }
        }

        await using (await OpenAsync())
        {
            // Only opened: the git of the killed process has ended by now, and what was safe is there.
        }

        foreach (var agent in Campaign.Agents)
        {
            Assert.NotEmpty(await GitAsync("show", string.Create(CultureInfo.InvariantCulture, $"{ResearchArchive.BranchOf(agent)}:run-{safe:D4}.json")));
        }

        await Repository.CheckAsync(Directory);
        await CampaignAsync(Directory, safe + 20);
        await CampaignAsync(Path.Combine(_folder, "whole.git"), safe + 20);
        await Repository.CheckAsync(Directory);
        Assert.Equal(await Repository.BranchesAsync(Path.Combine(_folder, "whole.git")), await Repository.BranchesAsync(Directory));
    }

    [Fact]
    public async Task What_a_killed_git_leaves_behind_does_not_stop_the_next_one()
    {
        await CampaignAsync(Directory, 2);
        File.WriteAllText(Path.Combine(Directory, "refs", "heads", "agents", "ada.lock"), "");
        File.WriteAllText(Path.Combine(Directory, "packed-refs.lock"), "");
        File.WriteAllText(Path.Combine(Directory, "fast_import_crash_7"), "");
        await CampaignAsync(Directory, 3);
        Assert.NotEmpty(await GitAsync("show", "agents/ada:run-0003.json"));
        Assert.False(File.Exists(Path.Combine(Directory, "fast_import_crash_7")));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("a b~^:?*[\\")]
    [InlineData("refs/heads/x.lock")]
    [InlineData("-rf")]
    [InlineData("")]
    [InlineData("Ünïcode\n<evil@x> 0 +0000\ncommit refs/heads/other")]
    [InlineData("@{-1}")]
    public async Task A_hostile_name_gets_a_branch_and_a_path_that_harm_nothing(string name)
    {
        await using (var archive = await OpenAsync())
        {
            await archive.AddRunAsync(name, 1, At, "{}", "", null, CancellationToken.None);
            await archive.AddPaperAsync(name, name, At, "# A claim\n", CancellationToken.None);
        }

        Assert.Matches("^refs/heads/agents/[a-z0-9_-]+$", await GitAsync("for-each-ref", "--format=%(refname)"));
        Assert.Equal("2", await GitAsync("rev-list", "--count", ResearchArchive.BranchOf(name)));
        await Repository.CheckAsync(Directory);
    }

    [Fact]
    public void Different_names_have_different_branches()
    {
        string[] names = ["ada", "Ada", "ADA", "a/da", "a-da", "ada.", new('a', 60), new('a', 61), new('a', 62), "", "-", "x", "\uD800"];
        string[] all = [.. names, .. names.Select(name => ResearchArchive.BranchOf(name)["agents/".Length..])];
        Assert.Equal(all.Distinct().Count(), all.Distinct().Select(ResearchArchive.BranchOf).Distinct().Count());
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_and_the_archive_goes_on()
    {
        await using (var archive = await OpenAsync())
        {
            var large = new string('x', ResearchArchive.MaxFileBytes + 1);
            Assert.Throws<ArgumentException>(() => { _ = archive.AddPaperAsync("ada", "large", At, large, CancellationToken.None); });
            Assert.True(await archive.AddPaperAsync("ada", "small", At, large[1..], CancellationToken.None));
        }

        Assert.NotEmpty(await GitAsync("show", "agents/ada:papers/small.md"));
    }

    private Task<ResearchArchive> OpenAsync() => ResearchArchive.OpenAsync(Directory, null, CancellationToken.None);

    private Task<string> GitAsync(params string[] arguments) => Repository.GitAsync(Directory, arguments);

    private static async Task CampaignAsync(string directory, int rounds)
    {
        await using var archive = await ResearchArchive.OpenAsync(directory, null, CancellationToken.None);
        for (var round = 1; round <= rounds; round++) await Campaign.AddRoundAsync(archive, round);
        await archive.DisposeAsync();
        Assert.Null(archive.Failure);
    }
}

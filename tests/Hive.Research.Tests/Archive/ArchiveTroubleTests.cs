using System.Diagnostics;
using System.Globalization;
using Hive.Archive;
using Hive.Testing;

namespace Hive.Research.Tests.Archive;

/// <summary>What goes wrong around an archive: told in one line, and research goes on.</summary>
public sealed class ArchiveTroubleTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string _folder = TemporaryDirectory.Create("hive-archive");

    private string Directory => Path.Combine(_folder, "archive.git");

    public void Dispose() => TemporaryDirectory.Delete(_folder);

    [Fact]
    public async Task A_directory_that_is_something_else_is_refused_and_left_as_it_is()
    {
        File.WriteAllText(Path.Combine(_folder, "thesis.tex"), "years of work");
        Assert.Contains("no bare git repository", await RefusalAsync(_folder, new ArchiveOptions()), StringComparison.Ordinal);
        Assert.Equal(["thesis.tex"], System.IO.Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_repository_with_a_work_tree_is_refused()
    {
        using var git = Process.Start("git", ["init", "--quiet", Directory]);
        await git.WaitForExitAsync();
        Assert.Contains("no bare git repository", await RefusalAsync(Directory, new ArchiveOptions()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/proc/archive.git")]
    [InlineData("/dev/null/archive.git")]
    public async Task A_place_that_cannot_be_written_is_told(string directory) =>
        Assert.Contains(directory, await RefusalAsync(directory, new ArchiveOptions()), StringComparison.Ordinal);

    [Fact]
    public async Task That_there_is_no_git_is_told() =>
        Assert.Contains("install git", await RefusalAsync(Directory, new ArchiveOptions { Git = "/nowhere/git" }), StringComparison.Ordinal);

    [Fact]
    public async Task An_archive_that_is_in_use_is_refused()
    {
        await using var first = await OpenAsync(new ArchiveOptions());
        Assert.Contains("by another process", await RefusalAsync(Directory, new ArchiveOptions()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_is_full_ends_the_archive_with_what_git_said_and_nothing_else()
    {
        var git = Script("""case "$*" in *fast-import*) trap '' XFSZ; ulimit -f 1;; esac""");
        var archive = await OpenAsync(new ArchiveOptions { Git = git });
        var large = string.Concat(Enumerable.Range(0, 10_000).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        await archive.AddPaperAsync("ada", "large", At, large, CancellationToken.None);
        var failure = await Assert.ThrowsAsync<ArchiveException>(() => archive.CheckpointAsync(CancellationToken.None));
        Assert.Contains("File too large", failure.Message, StringComparison.Ordinal);
        await archive.DisposeAsync();
        Assert.Contains("File too large", archive.Failure!, StringComparison.Ordinal);
        Assert.False(await archive.AddPaperAsync("ada", "next", At, "", CancellationToken.None));
        await Repository.CheckAsync(Directory);
    }

    [Fact]
    public async Task A_git_that_dies_is_replaced_and_nothing_is_lost()
    {
        var numbers = Path.Combine(_folder, "numbers");
        var git = Script($"""case "$*" in *fast-import*) echo $$ >> '{numbers}';; esac""");
        await using (var archive = await OpenAsync(new ArchiveOptions { Git = git }))
        {
            await archive.AddRunAsync("ada", 1, At, "{}", "", null, CancellationToken.None);
            await archive.CheckpointAsync(CancellationToken.None);
            await archive.AddRunAsync("ada", 2, At, "{}", "", null, CancellationToken.None);
            await archive.AddRunAsync("bob", 1, At, "{}", "", null, CancellationToken.None);
            using (var process = Process.GetProcessById(int.Parse(File.ReadAllText(numbers), CultureInfo.InvariantCulture)))
            {
                process.Kill();
                await process.WaitForExitAsync();
            }

            await archive.CheckpointAsync(CancellationToken.None);
            await archive.AddRunAsync("ada", 3, At, "{}", "", null, CancellationToken.None);
        }

        Assert.Equal(2, File.ReadAllLines(numbers).Length);
        Assert.Equal("3", await Repository.GitAsync(Directory, "rev-list", "--count", "agents/ada"));
        Assert.Equal("1", await Repository.GitAsync(Directory, "rev-list", "--count", "agents/bob"));
        await Repository.CheckAsync(Directory);
    }

    [Fact]
    public async Task A_git_that_stands_still_is_given_up()
    {
        var git = Script("""case "$*" in *fast-import*) exec sleep 600;; esac""");
        var archive = await OpenAsync(new ArchiveOptions { Git = git, StallTimeout = TimeSpan.FromMilliseconds(300) });
        await archive.AddRunAsync("ada", 1, At, "{}", "", null, CancellationToken.None);
        Assert.Contains("took nothing", (await Assert.ThrowsAsync<ArchiveException>(() => archive.CheckpointAsync(CancellationToken.None))).Message, StringComparison.Ordinal);
        await archive.DisposeAsync();
        Assert.NotNull(archive.Failure);
    }

    [Fact]
    public async Task Hooks_and_settings_of_the_user_have_no_say()
    {
        await using (await OpenAsync(new ArchiveOptions()))
        {
            // Only made.
        }

        var hook = Path.Combine(System.IO.Directory.CreateDirectory(Path.Combine(Directory, "hooks")).FullName, "reference-transaction");
        WriteProgram(hook, "exit 1");
        var before = Environment.GetEnvironmentVariable("GIT_OBJECT_DIRECTORY");
        Environment.SetEnvironmentVariable("GIT_OBJECT_DIRECTORY", Path.Combine(_folder, "elsewhere"));
        try
        {
            await using var archive = await OpenAsync(new ArchiveOptions());
            await archive.AddRunAsync("ada", 1, At, "{}", "", null, CancellationToken.None);
        }
        finally
        {
            Environment.SetEnvironmentVariable("GIT_OBJECT_DIRECTORY", before);
        }

        Assert.Equal("{}", await Repository.GitAsync(Directory, "show", "agents/ada:run-0001.json"));
    }

    private Task<ResearchArchive> OpenAsync(ArchiveOptions options) => ResearchArchive.OpenAsync(Directory, options, CancellationToken.None);

    private static async Task<string> RefusalAsync(string directory, ArchiveOptions options)
    {
        var refusal = await Assert.ThrowsAsync<ArchiveException>(() => ResearchArchive.OpenAsync(directory, options, CancellationToken.None));
        Assert.DoesNotContain('\n', refusal.Message);
        return refusal.Message;
    }

    /// <summary>A git of which something is different.</summary>
    private string Script(string difference)
    {
        var file = Path.Combine(_folder, "git");
        WriteProgram(file, $"{difference}\nexec git \"$@\"");
        return file;
    }

    private static void WriteProgram(string file, string lines)
    {
        File.WriteAllText(file, $"#!/bin/sh\n{lines}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

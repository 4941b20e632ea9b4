using Hive.Archive;

namespace Hive.Research.Tests.Archive;

/// <summary>Looks into an archive with git itself.</summary>
internal static class Repository
{
    public static async Task<string> GitAsync(string directory, params string[] arguments)
    {
        var git = new GitProgram("git", directory);
        var (status, output, error) = await git.RunAsync(CancellationToken.None, arguments);
        Assert.True(status == 0, error);
        return output.TrimEnd('\n');
    }

    public static Task<string> BranchesAsync(string directory) => GitAsync(directory, "for-each-ref", "--format=%(objectname) %(refname)");

    /// <summary>Asserts that git finds nothing amiss.</summary>
    public static async Task CheckAsync(string directory) => Assert.Equal("", await GitAsync(directory, "fsck", "--strict", "--full", "--no-dangling", "--no-progress"));
}

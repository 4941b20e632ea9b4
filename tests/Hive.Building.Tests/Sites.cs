namespace Hive.Building.Tests;

/// <summary>Opens sites of a repository as tests do most often.</summary>
internal static class Sites
{
    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static GitWorkshop Workshop(this UserRepository user, string git = "git") => new(user.Sites, TimeProvider.System, logger: null, git);

    public static Task<IBuildSite> OpenAsync(this UserRepository user, string goal = "g1") => user.Workshop().OpenAsync(goal, user.Folder, null, Cancellation);

    /// <summary>A reply that sets a file's text.</summary>
    public static string Writing(string path, string text) => $"=== {path}\n`````\n{text}{(text.EndsWith('\n') ? "" : "\n")}`````\n";

    /// <summary>A reply that replaces a part of a file.</summary>
    public static string Replacing(string path, string search, string replace) => $"=== {path}\n<<<<<<< SEARCH\n{search}\n=======\n{replace}\n>>>>>>> REPLACE\n";

    public static async Task<string> AppliedAsync(this IBuildSite site, string attempt, string reply)
    {
        var result = await site.ApplyAsync(attempt, reply, Cancellation);
        Assert.Empty(result.Mistakes);
        return result.Diff;
    }

    public static Task<TestResult> ShellAsync(this IBuildSite site, string tree, string script) =>
        site.TestAsync(tree, ["sh", "-c", script], TimeSpan.FromMinutes(5), Cancellation);
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Hive.Building;

/// <summary>Makes trees from changes and diffs, in git's object store alone: no file is written into any work tree, so that no link can lead a change astray.</summary>
/// <param name="git">Runs git.</param>
/// <param name="site">The site.</param>
/// <param name="time">Dates commits.</param>
internal sealed class TreeStore(GitProgram git, Site site, TimeProvider time)
{
    private static readonly string[] DiffOptions =
    [
        "--binary", "--full-index", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--src-prefix=a/", "--dst-prefix=b/",
    ];

    /// <summary>Makes a tree of the base commit and some changes, and keeps it.</summary>
    /// <param name="tree">The tree's id.</param>
    /// <param name="changes">The changes; deletions come first.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The diff against the base commit.</returns>
    public async Task<string> MakeAsync(string tree, IEnumerable<FileChange> changes, CancellationToken cancellation)
    {
        using var index = new Index(site);
        await RunAsync(index, new GitRun("read-tree", site.BaseCommit), cancellation).ConfigureAwait(false);
        var lines = new StringBuilder();
        foreach (var (path, mode, content) in changes.OrderBy(change => change.Content is not null))
        {
            var id = content is null ? new string('0', site.BaseCommit.Length) : await WriteAsync(content, cancellation).ConfigureAwait(false);
            lines.Append(CultureInfo.InvariantCulture, $"{(content is null ? "0" : mode)} {id}\t{path}\0");
        }

        await RunAsync(index, new GitRun("update-index", "-z", "--index-info").Reading(lines.ToString()), cancellation).ConfigureAwait(false);
        return await KeepAsync(tree, await WriteTreeAsync(index, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
    }

    /// <summary>Makes a tree of the base commit and diffs, one after the other, and keeps it.</summary>
    /// <param name="tree">The tree's id.</param>
    /// <param name="diffs">Diffs against the base commit.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<MergeResult> MergeAsync(string tree, ImmutableArray<string> diffs, CancellationToken cancellation)
    {
        using var index = new Index(site);
        var leftOut = ImmutableArray.CreateBuilder<int>();
        var joined = site.BaseCommit + "^{tree}";
        await RunAsync(index, new GitRun("read-tree", joined), cancellation).ConfigureAwait(false);
        for (var i = 0; i < diffs.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(diffs[i]))
            {
                continue;
            }

            var apply = index.Use(new GitRun("apply", "--cached", "--3way", "-").In(site.Repository).Reading(diffs[i]));
            var applied = await git.RunAsync(apply, cancellation).ConfigureAwait(false);
            if (applied.IsSuccess && await WriteTreeAsync(index, cancellation).ConfigureAwait(false) is var next && await IsPlainAsync(next, cancellation).ConfigureAwait(false))
            {
                joined = next;
                continue;
            }

            leftOut.Add(i);
            await RunAsync(index, new GitRun("read-tree", joined), cancellation).ConfigureAwait(false);
        }

        var whole = await WriteTreeAsync(index, cancellation).ConfigureAwait(false);
        return new MergeResult(await KeepAsync(tree, whole, cancellation).ConfigureAwait(false), leftOut.ToImmutable());
    }

    /// <summary>The commit that holds a tree.</summary>
    /// <param name="tree">The tree's id.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="BuildException">There is none of that id.</exception>
    public async Task<string> FindAsync(string tree, CancellationToken cancellation)
    {
        var run = new GitRun("rev-parse", "--verify", "--quiet", Site.ReferenceOf(tree) + "^{commit}").In(site.Repository);
        var found = await git.RunAsync(run, cancellation).ConfigureAwait(false);
        return found.IsSuccess ? found.Text : throw new BuildException($"the build site '{site.Folder}' has no tree '{tree}': make it first");
    }

    /// <summary>Whether a commit's files differ from those of the base commit.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<bool> IsChangedAsync(string commit, CancellationToken cancellation)
    {
        var compared = await git.RunAsync(new GitRun("rev-parse", site.BaseCommit + "^{tree}", commit + "^{tree}").In(site.Repository), cancellation).ConfigureAwait(false);
        return compared.OrThrow("comparing trees").Text.Split('\n') is [var before, var after] && before != after;
    }

    /// <summary>Makes a commit on top of the base commit.</summary>
    /// <param name="tree">The tree's object, or a commit of it.</param>
    /// <param name="message">What it says.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<string> CommitAsync(string tree, string message, CancellationToken cancellation)
    {
        var now = string.Create(CultureInfo.InvariantCulture, $"@{time.GetUtcNow().ToUnixTimeSeconds()} +0000");
        var run = new GitRun("commit-tree", "-p", site.BaseCommit, "-F", "-", tree + "^{tree}").In(site.Repository).Reading(message) with
        {
            Variables =
            [
                ("GIT_AUTHOR_NAME", Author.Name), ("GIT_AUTHOR_EMAIL", Author.Email), ("GIT_AUTHOR_DATE", now),
                ("GIT_COMMITTER_NAME", Author.Name), ("GIT_COMMITTER_EMAIL", Author.Email), ("GIT_COMMITTER_DATE", now),
            ],
        };
        return (await git.RunAsync(run, cancellation).ConfigureAwait(false)).OrThrow("making a commit").Text;
    }

    private async Task<string> KeepAsync(string tree, string treeObject, CancellationToken cancellation)
    {
        var commit = await CommitAsync(treeObject, tree, cancellation).ConfigureAwait(false);
        var keep = new GitRun("update-ref", Site.ReferenceOf(tree), commit).In(site.Repository);
        (await git.RunAsync(keep, cancellation).ConfigureAwait(false)).OrThrow($"keeping tree '{tree}'");
        var diff = new GitRun(["diff-tree", "-r", "-p", .. DiffOptions, site.BaseCommit, commit]).In(site.Repository);
        return Encoding.UTF8.GetString((await git.RunAsync(diff, cancellation).ConfigureAwait(false)).OrThrow($"comparing tree '{tree}'").Output);
    }

    private async Task<string> WriteAsync(byte[] content, CancellationToken cancellation)
    {
        var run = new GitRun("hash-object", "-w", "--stdin", "--no-filters").In(site.Repository) with { Input = content };
        return (await git.RunAsync(run, cancellation).ConfigureAwait(false)).OrThrow("writing a file").Text;
    }

    private async Task<string> WriteTreeAsync(Index index, CancellationToken cancellation) =>
        (await RunAsync(index, new GitRun("write-tree"), cancellation).ConfigureAwait(false)).Text;

    /// <summary>Whether a tree differs from the base commit by ordinary files at allowed paths only: a diff, unlike a reply, could make a link.</summary>
    private async Task<bool> IsPlainAsync(string treeObject, CancellationToken cancellation)
    {
        var run = new GitRun("diff-tree", "-r", "-z", "--raw", "--no-renames", site.BaseCommit, treeObject).In(site.Repository);
        var changed = (await git.RunAsync(run, cancellation).ConfigureAwait(false)).OrThrow("comparing trees").Text;
        var fields = changed.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        return fields.Chunk(2).All(pair =>
            pair is [var modes, var path] && modes.Split(' ')[1] is TreeFile.Plain or TreeFile.Executable or "000000" && EditPath.Check(path) is null);
    }

    private async Task<GitResult> RunAsync(Index index, GitRun run, CancellationToken cancellation) =>
        (await git.RunAsync(index.Use(run.In(site.Repository)), cancellation).ConfigureAwait(false)).OrThrow($"git {run.Arguments[0]} in '{site.Repository}'");

    /// <summary>An index file for one change, so that several are made at once.</summary>
    private sealed class Index(Site site) : IDisposable
    {
        private readonly string _file = Path.Combine(site.Indexes, Guid.NewGuid().ToString("N"));

        public GitRun Use(GitRun run) => run with { Variables = [.. run.Variables, ("GIT_INDEX_FILE", _file)] };

        public void Dispose()
        {
            File.Delete(_file);
            File.Delete(_file + ".lock");
        }
    }
}

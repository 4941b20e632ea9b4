using System.Text.RegularExpressions;

namespace Hive.Building;

/// <summary>Puts a commit into the user's repository: its objects, then one branch, by one atomic step. No hook runs, and nothing else is written.</summary>
/// <param name="git">Runs git.</param>
/// <param name="site">The site.</param>
/// <param name="time">Tells how old a lock is.</param>
internal sealed partial class BranchPublisher(GitProgram git, Site site, TimeProvider time)
{
    /// <summary>A lock of one of Hive's own branches that is this old belongs to a git that was killed: taking one lasts milliseconds.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(30);

    /// <summary>Publishes a commit.</summary>
    /// <param name="commit">A commit of the site, on top of the base commit.</param>
    /// <param name="branch">The branch.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task PublishAsync(string commit, string branch, CancellationToken cancellation)
    {
        RequireName(branch);
        var reference = "refs/heads/" + branch;
        await RequireNotCheckedOutAsync(reference, cancellation).ConfigureAwait(false);
        var previous = await PreviousAsync(reference, cancellation).ConfigureAwait(false);
        await SendObjectsAsync(commit, cancellation).ConfigureAwait(false);
        await MoveAsync(reference, commit, previous, cancellation).ConfigureAwait(false);
    }

    /// <summary>Refuses names of branches that are not Hive's to move.</summary>
    /// <param name="branch">The name.</param>
    /// <exception cref="BuildException">It does not begin with <c>hive/</c>, or has characters that Hive gives no branch.</exception>
    public static void RequireName(string branch)
    {
        if (!PlainBranch().IsMatch(branch) || branch.Contains("..", StringComparison.Ordinal) || branch.EndsWith(".lock", StringComparison.OrdinalIgnoreCase) || branch.EndsWith('.'))
        {
            throw new BuildException($"'{branch}' is no branch that Hive publishes: it begins with 'hive/', then letters, digits, '.', '-' and '_'");
        }
    }

    private async Task RequireNotCheckedOutAsync(string reference, CancellationToken cancellation)
    {
        var listed = (await InUsersAsync(new GitRun("worktree", "list", "--porcelain"), cancellation).ConfigureAwait(false)).OrThrow("listing the repository's work trees").Text;
        var folder = "";
        foreach (var line in listed.Split('\n'))
        {
            folder = line.StartsWith("worktree ", StringComparison.Ordinal) ? line["worktree ".Length..] : folder;
            if (line == "branch " + reference)
            {
                throw new BuildException($"the branch '{reference}' is checked out in '{folder}': check out another branch there, then go on");
            }
        }
    }

    /// <summary>What the branch is now; null where there is none.</summary>
    private async Task<string?> PreviousAsync(string reference, CancellationToken cancellation)
    {
        var found = await InUsersAsync(new GitRun("for-each-ref", "--format=%(objectname) %(committeremail)", reference), cancellation).ConfigureAwait(false);
        return found.OrThrow($"reading '{reference}'").Text.Split(' ', 2) switch
        {
            [var commit, "<" + Author.Email + ">"] => commit,
            [""] => null,
            _ => throw new BuildException($"the branch '{reference}' holds a commit that Hive did not make: rename or delete the branch, then go on"),
        };
    }

    private async Task SendObjectsAsync(string commit, CancellationToken cancellation)
    {
        // Which objects are new is told by the difference of the trees, so that no history has to be walked: it may be cut off in a shallow clone.
        var changed = await git.RunAsync(new GitRun("diff-tree", "-r", "-t", "-z", "--raw", "--no-renames", "--no-abbrev", site.BaseCommit, commit).In(site.Repository), cancellation)
            .ConfigureAwait(false);
        var root = await git.RunAsync(new GitRun("rev-parse", commit + "^{tree}").In(site.Repository), cancellation).ConfigureAwait(false);
        var ids = changed.OrThrow("comparing trees").Text.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Where(field => field.StartsWith(':')).Select(field => field.Split(' ')[3]).Where(id => id.Any(digit => digit != '0'))
            .Append(root.OrThrow("reading a commit").Text).Append(commit).Distinct();
        var pack = await git.RunAsync(new GitRun("pack-objects", "--stdout", "--quiet").In(site.Repository).Reading(string.Join('\n', ids) + "\n"), cancellation).ConfigureAwait(false);
        pack.OrThrow("packing a commit");
        var unpacked = await InUsersAsync(new GitRun("unpack-objects", "-q") { Input = pack.Output }, cancellation).ConfigureAwait(false);
        unpacked.OrThrow($"writing objects into '{site.UserRepository}'");
    }

    private async Task MoveAsync(string reference, string commit, string? previous, CancellationToken cancellation)
    {
        var move = new GitRun("update-ref", "--no-deref", reference, commit, previous ?? new string('0', commit.Length));
        var moved = await InUsersAsync(move, cancellation).ConfigureAwait(false);
        if (!moved.IsSuccess && RemoveStaleLock(reference))
        {
            moved = await InUsersAsync(move, cancellation).ConfigureAwait(false);
        }

        moved.OrThrow($"setting '{reference}' in '{site.UserRepository}'");
    }

    private bool RemoveStaleLock(string reference)
    {
        var file = new FileInfo(Path.Combine(site.UserRepository, reference + ".lock"));
        if (!file.Exists || time.GetUtcNow() - file.LastWriteTimeUtc < StaleAfter)
        {
            return false;
        }

        file.Delete();
        return true;
    }

    private Task<GitResult> InUsersAsync(GitRun run, CancellationToken cancellation) => git.RunAsync(run.In(site.UserRepository), cancellation);

    [GeneratedRegex(@"\Ahive/[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainBranch();
}

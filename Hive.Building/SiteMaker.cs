using System.Text;

namespace Hive.Building;

/// <summary>Finds a goal's site again, or makes it. What was made half before a crash is made anew; nothing is ever written into the user's repository.</summary>
/// <param name="git">Runs git.</param>
internal sealed class SiteMaker(GitProgram git)
{
    /// <summary>Lies in a site's repository once it is complete: the user's repository in the first line, the base commit in the second.</summary>
    private const string NoteFile = "hive-site";

    /// <summary>Opens a site.</summary>
    /// <param name="folder">The goal's folder.</param>
    /// <param name="repository">The user's repository, or a folder in it.</param>
    /// <param name="baseCommit">What to build on; absent: what the site was made for, and else what is checked out.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The site, and whether it was found.</returns>
    public async Task<(Site Site, bool WasFound)> OpenAsync(string folder, string repository, string? baseCommit, CancellationToken cancellation)
    {
        var (gitDirectory, objects, format) = await FindAsync(repository, cancellation).ConfigureAwait(false);
        var asked = baseCommit is null ? null : await ResolveAsync(repository, baseCommit, cancellation).ConfigureAwait(false);
        var noted = ReadNote(Site.RepositoryIn(folder));
        if (noted is var (notedRepository, notedBase))
        {
            if (notedRepository != gitDirectory || (asked is not null && asked != notedBase))
            {
                throw new BuildException(
                    $"the build site '{folder}' was made for commit {notedBase} of '{notedRepository}', not for {asked ?? notedBase} of '{gitDirectory}': give the goal another id, or remove the site");
            }

            asked = notedBase;
        }

        var site = new Site(folder, gitDirectory, asked ?? await ResolveAsync(repository, "HEAD", cancellation).ConfigureAwait(false));
        var wasFound = noted is not null && await IsWholeAsync(site, cancellation).ConfigureAwait(false);
        if (!wasFound)
        {
            await MakeAsync(site, objects, format, cancellation).ConfigureAwait(false);
        }

        RemoveLocks(site.Repository);
        Folders.Delete(site.Trees);
        Folders.Delete(site.Indexes);
        Directory.CreateDirectory(site.Trees);
        Directory.CreateDirectory(site.Indexes);
        var pruned = await git.RunAsync(new GitRun("worktree", "prune", "--expire=now").In(site.Repository), cancellation).ConfigureAwait(false);
        pruned.OrThrow($"forgetting old work trees of '{folder}'");
        return (site, wasFound);
    }

    private async Task<(string GitDirectory, string Objects, string Format)> FindAsync(string repository, CancellationToken cancellation)
    {
        if (!Directory.Exists(repository))
        {
            throw new BuildException($"the folder '{repository}' does not exist: give the folder of a git repository");
        }

        var run = new GitRun("rev-parse", "--path-format=absolute", "--git-common-dir", "--git-path", "objects", "--show-object-format");
        var found = await git.RunAsync(InUsers(repository, run), cancellation).ConfigureAwait(false);
        if (!found.IsSuccess)
        {
            throw new BuildException($"'{repository}' cannot be used as a git repository ({found.Error}): give the folder of one that is yours, or run 'git init' and commit there");
        }

        return found.Text.Split('\n') is [var directory, var objects, var format] && !directory.Any(char.IsControl) && !objects.Any(char.IsControl)
            ? (directory, objects, format)
            : throw new BuildException($"the repository '{repository}' cannot be used: its path has control characters, or git is older than 2.32");
    }

    private async Task<string> ResolveAsync(string repository, string commit, CancellationToken cancellation)
    {
        var run = new GitRun("rev-parse", "--verify", "--quiet", commit + "^{commit}");
        var resolved = commit.StartsWith('-') ? null : await git.RunAsync(InUsers(repository, run), cancellation).ConfigureAwait(false);
        return resolved is { IsSuccess: true } found
            ? found.Text
            : throw new BuildException(commit == "HEAD"
                ? $"the repository '{repository}' has no commit yet, and a build goal builds on one: commit something first"
                : $"the repository '{repository}' has no commit '{commit}': correct the base commit, or leave it out for what is checked out");
    }

    /// <summary>A command in the user's repository; a folder that is none is not taken for a part of another repository around it.</summary>
    private static GitRun InUsers(string repository, GitRun run) =>
        run with { Place = ["-C", repository], Variables = [("GIT_CEILING_DIRECTORIES", Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(repository)) ?? repository)] };

    /// <summary>Removes what a git that was killed leaves behind and would trip over: a goal's site has one user at a time.</summary>
    private static void RemoveLocks(string repository)
    {
        foreach (var file in Directory.EnumerateFiles(repository, "*.lock", SearchOption.AllDirectories).ToArray()) File.Delete(file);
    }

    private static (string Repository, string BaseCommit)? ReadNote(string repository)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(repository, NoteFile)) is [var user, var commit] && commit.Length is 40 or 64 && commit.All(char.IsAsciiHexDigitLower)
                ? (user, commit)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task<bool> IsWholeAsync(Site site, CancellationToken cancellation)
    {
        var listed = await git.RunAsync(new GitRun("cat-file", "-e", site.BaseCommit + "^{tree}").In(site.Repository), cancellation).ConfigureAwait(false);
        return listed.IsSuccess;
    }

    private async Task MakeAsync(Site site, string objects, string format, CancellationToken cancellation)
    {
        var making = site.Repository + ".new";
        Folders.Delete(site.Repository);
        Folders.Delete(making);
        Directory.CreateDirectory(site.Folder);
        var made = await git.RunAsync(
            new GitRun("init", "--bare", "--quiet", "--template=", "--initial-branch=base", "--object-format=" + format, making), cancellation).ConfigureAwait(false);
        made.OrThrow($"making a build site in '{site.Folder}'");

        // What a clone that shares objects is; git's own clone would go through a transport and take over references.
        Directory.CreateDirectory(Path.Combine(making, "objects", "info"));
        await File.WriteAllTextAsync(Path.Combine(making, "objects", "info", "alternates"), objects + "\n", cancellation).ConfigureAwait(false);
        if (File.Exists(Path.Combine(site.UserRepository, "shallow")))
        {
            File.Copy(Path.Combine(site.UserRepository, "shallow"), Path.Combine(making, "shallow"));
        }

        var note = new FileStream(Path.Combine(making, NoteFile), FileMode.CreateNew);
        await using (note.ConfigureAwait(false))
        {
            await note.WriteAsync(Encoding.UTF8.GetBytes($"{site.UserRepository}\n{site.BaseCommit}\n"), cancellation).ConfigureAwait(false);
            note.Flush(flushToDisk: true);
        }

        Directory.Move(making, site.Repository);
        if (!await IsWholeAsync(site, cancellation).ConfigureAwait(false))
        {
            throw new BuildException($"the files of commit {site.BaseCommit} are not all in '{site.UserRepository}' (a partial clone, or objects were lost): fetch them, then start the goal again");
        }
    }
}

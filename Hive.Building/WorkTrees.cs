using System.Globalization;
using System.Threading.Channels;

namespace Hive.Building;

/// <summary>A site's work trees: a bounded number at once, each made for one use and removed after it.</summary>
internal sealed class WorkTrees : IAsyncDisposable
{
    /// <summary>The most work trees of a site at once.</summary>
    public const int Most = 8;

    private readonly GitProgram _git;
    private readonly Site _site;
    private readonly Channel<int> _free = Channel.CreateBounded<int>(Most);

    // Git reads the notes of all work trees when it adds one, and stumbles over one that is being written.
    private readonly SemaphoreSlim _adding = new(1);

    /// <param name="git">Runs git.</param>
    /// <param name="site">The site.</param>
    public WorkTrees(GitProgram git, Site site)
    {
        (_git, _site) = (git, site);
        for (var number = 0; number < Most; number++) _free.Writer.TryWrite(number);
    }

    /// <summary>Checks a commit out, waits for the use of its files, and removes them.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="use">Gets the work tree's folder.</param>
    /// <param name="cancellation">Stops waiting and checking out.</param>
    public async Task<T> UseAsync<T>(string commit, Func<string, Task<T>> use, CancellationToken cancellation)
    {
        var number = await _free.Reader.ReadAsync(cancellation).ConfigureAwait(false);
        var folder = Path.Combine(_site.Trees, number.ToString(CultureInfo.InvariantCulture));
        try
        {
            await CheckOutAsync(folder, commit, cancellation).ConfigureAwait(false);
            return await use(folder).ConfigureAwait(false);
        }
        finally
        {
            DeleteQuietly(folder);
            _free.Writer.TryWrite(number);
        }
    }

    /// <summary>Waits until no work tree is in use, and removes what is left of them.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var number = 0; number < Most; number++)
        {
            await _free.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
        }

        _adding.Dispose();
        DeleteQuietly(_site.Trees);
    }

    private async Task CheckOutAsync(string folder, string commit, CancellationToken cancellation)
    {
        Folders.Delete(folder);
        await _adding.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var add = new GitRun("worktree", "add", "--quiet", "--force", "--force", "--no-checkout", "--detach", folder, commit).In(_site.Repository);
            (await _git.RunAsync(add, cancellation).ConfigureAwait(false)).OrThrow($"making a work tree in '{folder}'");
        }
        finally
        {
            _adding.Release();
        }

        var fill = new GitRun("reset", "--hard", "--quiet") { Place = ["-C", folder] };
        (await _git.RunAsync(fill, cancellation).ConfigureAwait(false)).OrThrow($"checking out a work tree in '{folder}'");
    }

    private static void DeleteQuietly(string folder)
    {
        try
        {
            Folders.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is in nobody's way: the folder's next use and the site's next opening remove it, or say why they cannot.
        }
    }
}

using System.Collections.Immutable;

namespace Hive.Building;

/// <summary>One goal's site: its parts, and what ends with it.</summary>
internal sealed class BuildSite : IBuildSite
{
    private const int MaxMessage = 64 << 10;

    private readonly Site _site;
    private readonly BaseTree _base;
    private readonly TreeStore _trees;
    private readonly WorkTrees _workTrees;
    private readonly BranchPublisher _publisher;
    private readonly TestRun _tests;
    private readonly CancellationTokenSource _closing = new();
    private int _isClosed;

    /// <param name="git">Runs git.</param>
    /// <param name="site">The site's folders.</param>
    /// <param name="baseTree">The base commit.</param>
    /// <param name="time">Measures time and dates commits.</param>
    public BuildSite(GitProgram git, Site site, BaseTree baseTree, TimeProvider time)
    {
        (_site, _base) = (site, baseTree);
        _trees = new TreeStore(git, site, time);
        _workTrees = new WorkTrees(git, site);
        _publisher = new BranchPublisher(git, site, time);
        _tests = new TestRun(time);
    }

    /// <inheritdoc/>
    public string BaseCommit => _site.BaseCommit;

    /// <inheritdoc/>
    public Task<string> DescribeAsync(string request, int mostCharacters, CancellationToken cancellation) =>
        GuardAsync(stop => new DescribedFiles(_base).WriteAsync(request, mostCharacters, stop), cancellation);

    /// <inheritdoc/>
    public Task<PatchResult> ApplyAsync(string attempt, string reply, CancellationToken cancellation)
    {
        Site.RequireId(attempt, "attempt");
        return GuardAsync(
            async stop =>
            {
                var edits = EditReader.Read(reply, out var mistakes);
                if (!mistakes.IsEmpty)
                {
                    return new PatchResult("", mistakes);
                }

                (var changes, mistakes) = await new ReplyChanges(_base).WorkOutAsync(edits, stop).ConfigureAwait(false);
                return mistakes.IsEmpty ? new PatchResult(await _trees.MakeAsync(attempt, changes, stop).ConfigureAwait(false), []) : new PatchResult("", mistakes);
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<MergeResult> MergeAsync(string tree, ImmutableArray<string> diffs, CancellationToken cancellation)
    {
        Site.RequireId(tree, "tree");
        return GuardAsync(stop => _trees.MergeAsync(tree, diffs, stop), cancellation);
    }

    /// <inheritdoc/>
    public Task<TestResult> TestAsync(string tree, ImmutableArray<string> command, TimeSpan timeout, CancellationToken cancellation)
    {
        Site.RequireId(tree, "tree");
        ArgumentOutOfRangeException.ThrowIfZero(command.Length, nameof(command));
        return GuardAsync(
            async stop =>
            {
                var commit = await _trees.FindAsync(tree, stop).ConfigureAwait(false);
                return await _workTrees.UseAsync(commit, folder => _tests.RunAsync(folder, command, timeout, stop), stop).ConfigureAwait(false);
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<string> PublishAsync(string tree, string branch, string message, CancellationToken cancellation)
    {
        Site.RequireId(tree, "tree");
        BranchPublisher.RequireName(branch);
        return GuardAsync(
            async stop =>
            {
                var made = await _trees.FindAsync(tree, stop).ConfigureAwait(false);
                if (!await _trees.IsChangedAsync(made, stop).ConfigureAwait(false))
                {
                    throw new BuildException($"tree '{tree}' changes nothing, so there is nothing to publish");
                }

                var commit = await _trees.CommitAsync(made, Clean(message), stop).ConfigureAwait(false);
                await _publisher.PublishAsync(commit, branch, stop).ConfigureAwait(false);
                return commit;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
        {
            return;
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await _workTrees.DisposeAsync().ConfigureAwait(false);
    }

    private static string Clean(string message)
    {
        var text = string.Concat(message.Where(character => character is '\n' or '\t' || !char.IsControl(character)));
        return text.Length > MaxMessage ? text[..MaxMessage] : text;
    }

    /// <summary>Ends what runs when the site is disposed of, and tells trouble with the disk in the site's words.</summary>
    private async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isClosed != 0, this);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
        try
        {
            return await work(stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BuildException($"the build site '{_site.Folder}' cannot be written ({e.Message}): make room or give it rights, then go on", e);
        }
    }
}

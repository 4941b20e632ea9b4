using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hive.Building;

/// <summary>
/// Build sites by means of the <c>git</c> command. A site is a bare repository of Hive's own that borrows the objects of the user's repository; changes are made in
/// its object store and checked out for tests alone. The user's repository gets objects and one branch when a tree is published, and nothing before.
/// It takes git 2.32 or newer.
/// </summary>
public sealed partial class GitWorkshop : IWorkshop
{
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _program;

    /// <summary>Makes a workshop.</summary>
    /// <param name="folder">Where sites are kept, such as <c>.hive/sites</c>; made where it is missing.</param>
    /// <param name="time">Dates commits and measures time-outs.</param>
    /// <param name="logger">Is told of sites made and found; absent: nobody is.</param>
    public GitWorkshop(string folder, TimeProvider time, ILogger? logger = null)
        : this(folder, time, logger, "git")
    {
    }

    /// <param name="folder">Where sites are kept.</param>
    /// <param name="time">Dates commits and measures time-outs.</param>
    /// <param name="logger">Is told of sites made and found.</param>
    /// <param name="program">The git command.</param>
    internal GitWorkshop(string folder, TimeProvider time, ILogger? logger, string program)
    {
        _folder = Path.GetFullPath(folder);
        _time = time;
        _logger = logger ?? NullLogger.Instance;
        _program = program;
    }

    /// <inheritdoc/>
    public async Task<IBuildSite> OpenAsync(string goal, string repository, string? baseCommit, CancellationToken cancellation)
    {
        var folder = FolderOf(goal);
        try
        {
            Directory.CreateDirectory(folder);
            var git = new GitProgram(_program, folder, _time);
            var (site, wasFound) = await new SiteMaker(git).OpenAsync(folder, Path.GetFullPath(repository), baseCommit, cancellation).ConfigureAwait(false);
            LogOpened(goal, site.BaseCommit, wasFound ? "found" : "made");
            return new BuildSite(git, site, await BaseTree.ReadAsync(git, site, cancellation).ConfigureAwait(false), _time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BuildException($"the build site '{folder}' cannot be made ({e.Message}): make room or give it rights, then go on", e);
        }
    }

    /// <inheritdoc/>
    public Task RemoveAsync(string goal, CancellationToken cancellation)
    {
        var folder = FolderOf(goal);
        cancellation.ThrowIfCancellationRequested();
        try
        {
            Folders.Delete(folder);
            return Task.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BuildException($"the build site '{folder}' cannot be removed ({e.Message}): remove it by hand", e);
        }
    }

    private string FolderOf(string goal) => Path.Combine(_folder, Site.RequireId(goal, "goal"));

    [LoggerMessage(Level = LogLevel.Information, Message = "The build site of goal {Goal} on commit {Commit} was {How}")]
    private partial void LogOpened(string goal, string commit, string how);
}

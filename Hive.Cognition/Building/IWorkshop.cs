using System.Collections.Immutable;

namespace Hive.Building;

/// <summary>Where build goals are worked on: copies of a git repository beside it, never the repository's own work tree.</summary>
public interface IWorkshop
{
    /// <summary>Opens the site of a goal; the same goal finds its site again after a crash.</summary>
    /// <param name="goal">The goal's id.</param>
    /// <param name="repository">The folder of a git repository, with at least one commit.</param>
    /// <param name="baseCommit">The commit to build on; absent: the one that is checked out now.</param>
    /// <param name="cancellation">Stops opening.</param>
    /// <exception cref="BuildException">It is no repository with a commit, or the disk refuses.</exception>
    Task<IBuildSite> OpenAsync(string goal, string repository, string? baseCommit, CancellationToken cancellation);
}

/// <summary>One goal's copies of a repository: a work tree an attempt, all at the same commit in the beginning.</summary>
public interface IBuildSite : IAsyncDisposable
{
    /// <summary>The commit that everything is built on, 40 hexadecimal digits.</summary>
    string BaseCommit { get; }

    /// <summary>The repository in words that a brain can read: its tree, then the texts of its files, those first whose names or words the request mentions, as far as they fit.</summary>
    /// <param name="request">What is to be built.</param>
    /// <param name="mostCharacters">How long it may be.</param>
    /// <param name="cancellation">Stops reading.</param>
    Task<string> DescribeAsync(string request, int mostCharacters, CancellationToken cancellation);

    /// <summary>Makes the edits that a reply asks for in a work tree of their own. The same attempt again begins anew.</summary>
    /// <param name="attempt">The attempt's id.</param>
    /// <param name="reply">What the brain answered.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The change as a diff, or what is wrong with the reply.</returns>
    Task<PatchResult> ApplyAsync(string attempt, string reply, CancellationToken cancellation);

    /// <summary>Joins diffs into one work tree, in their order; a diff that does not apply on top of the others is left out and named.</summary>
    /// <param name="tree">The id of the work tree to make.</param>
    /// <param name="diffs">The diffs, each against the base commit.</param>
    /// <param name="cancellation">Stops it.</param>
    Task<MergeResult> MergeAsync(string tree, ImmutableArray<string> diffs, CancellationToken cancellation);

    /// <summary>Runs a command in a work tree, with a clean environment, and kills all that it started when the time is over.</summary>
    /// <param name="tree">The attempt or joined tree.</param>
    /// <param name="command">The program and its arguments, run without a shell.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="cancellation">Stops it.</param>
    Task<TestResult> TestAsync(string tree, ImmutableArray<string> command, TimeSpan timeout, CancellationToken cancellation);

    /// <summary>Puts a work tree's change into the user's repository as one commit on a branch of its own, replacing what the branch was. Nothing that is checked out is touched.</summary>
    /// <param name="tree">The work tree.</param>
    /// <param name="branch">The branch's name, such as <c>hive/4711</c>.</param>
    /// <param name="message">The commit's message.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The commit.</returns>
    /// <exception cref="BuildException">The branch is checked out somewhere, or the repository refuses.</exception>
    Task<string> PublishAsync(string tree, string branch, string message, CancellationToken cancellation);
}

/// <summary>What became of a reply's edits.</summary>
/// <param name="Diff">The change as a unified diff against the base commit; empty where nothing changed.</param>
/// <param name="Mistakes">What is wrong with the reply; with any of them nothing was changed.</param>
public sealed record PatchResult(string Diff, ImmutableArray<string> Mistakes);

/// <summary>What became of a merge.</summary>
/// <param name="Diff">The joined change against the base commit.</param>
/// <param name="LeftOut">The places of the diffs that did not apply, from 0.</param>
public sealed record MergeResult(string Diff, ImmutableArray<int> LeftOut);

/// <summary>What a test command said.</summary>
/// <param name="Passed">Whether it ended with exit status 0 in time.</param>
/// <param name="Output">The end of what it printed, bounded.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record TestResult(bool Passed, string Output, double Seconds);

/// <summary>A build site cannot be had or written.</summary>
/// <param name="message">What happened, where, and how to mend it.</param>
public sealed class BuildException(string message) : Exception(message);

using System.Collections.Immutable;

namespace Hive.Building;

/// <summary>Where build goals are worked on: copies of a git repository beside it, never the repository's own work tree. Ids of goals, attempts and trees are up to
/// 100 letters, digits, <c>.</c>, <c>-</c> and <c>_</c>, the first a letter or a digit; others are an <see cref="ArgumentException"/>.</summary>
public interface IWorkshop
{
    /// <summary>Opens the site of a goal; the same goal finds its site again after a crash.</summary>
    /// <param name="goal">The goal's id.</param>
    /// <param name="repository">The folder of a git repository, with at least one commit.</param>
    /// <param name="baseCommit">The commit to build on; absent: the one that is checked out now.</param>
    /// <param name="cancellation">Stops opening.</param>
    /// <exception cref="BuildException">It is no repository with a commit, it is another repository or commit than the site was made for, or the disk refuses.</exception>
    Task<IBuildSite> OpenAsync(string goal, string repository, string? baseCommit, CancellationToken cancellation);

    /// <summary>Removes all that was kept for a goal that has ended; what it published stays. A goal without a site is no error. Its site must have been disposed of.</summary>
    /// <param name="goal">The goal's id.</param>
    /// <param name="cancellation">Stops it; the rest is removed the next time.</param>
    Task RemoveAsync(string goal, CancellationToken cancellation);
}

/// <summary>One goal's copies of a repository: a tree an attempt, all built on the same commit. What is not committed in the user's work tree is no part of it.
/// Disposing of it stops what runs and removes the work trees; what attempts made stays until <see cref="IWorkshop.RemoveAsync"/>.
/// Every operation throws <see cref="BuildException"/> where git or the disk refuses, and may be called by several at once.</summary>
public interface IBuildSite : IAsyncDisposable
{
    /// <summary>The commit that everything is built on, 40 hexadecimal digits (64 in repositories that use SHA-256).</summary>
    string BaseCommit { get; }

    /// <summary>The repository in words that a brain can read: its tree, then the texts of its files, those first whose names or words the request mentions, as far as they fit.
    /// Binary files are only named; files that commonly hold secrets are not even that.</summary>
    /// <param name="request">What is to be built.</param>
    /// <param name="mostCharacters">How long it may be.</param>
    /// <param name="cancellation">Stops reading.</param>
    Task<string> DescribeAsync(string request, int mostCharacters, CancellationToken cancellation);

    /// <summary>Makes the edits that a reply asks for (<see cref="EditFormat"/>) in a tree of their own: all of them or none. The same attempt again begins anew.</summary>
    /// <param name="attempt">The attempt's id.</param>
    /// <param name="reply">What the brain answered.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The change as a diff, or what is wrong with the reply.</returns>
    Task<PatchResult> ApplyAsync(string attempt, string reply, CancellationToken cancellation);

    /// <summary>Joins diffs into one tree, in their order; a diff that does not apply on top of the others is left out and named.</summary>
    /// <param name="tree">The id of the tree to make.</param>
    /// <param name="diffs">The diffs, each against the base commit.</param>
    /// <param name="cancellation">Stops it.</param>
    Task<MergeResult> MergeAsync(string tree, ImmutableArray<string> diffs, CancellationToken cancellation);

    /// <summary>Runs a command in a fresh work tree with the files of a tree, with a clean environment, and kills all that it started when it ends or the time is over.
    /// What the command writes there is no part of the tree. It waits while as many work trees as the disk is to hold are in use.</summary>
    /// <param name="tree">The attempt or joined tree.</param>
    /// <param name="command">The program, on PATH or relative to the work tree, and its arguments; run without a shell.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="BuildException">There is no such tree, or it cannot be checked out. A program that is missing fails the test instead.</exception>
    Task<TestResult> TestAsync(string tree, ImmutableArray<string> command, TimeSpan timeout, CancellationToken cancellation);

    /// <summary>Puts a tree's change into the user's repository as one commit on a branch of its own, replacing what Hive put there before. Nothing that is checked out is touched.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="branch">The branch's name; it begins with <c>hive/</c>.</param>
    /// <param name="message">The commit's message.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The commit.</returns>
    /// <exception cref="BuildException">The branch is checked out somewhere, holds a commit that Hive did not make, the tree changes nothing, or the repository refuses.</exception>
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
/// <param name="inner">What caused it.</param>
public sealed class BuildException(string message, Exception? inner = null) : Exception(message, inner);

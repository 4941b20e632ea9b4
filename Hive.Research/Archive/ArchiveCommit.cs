using System.Collections.Immutable;

namespace Hive.Archive;

/// <summary>One commit to be: some files of a branch. The first file tells whether it was made already.</summary>
internal sealed record ArchiveCommit(string Branch, string Author, DateTimeOffset At, string Message, ImmutableArray<ArchiveFile> Files);

/// <summary>A file's path in its branch, and what it holds.</summary>
internal sealed record ArchiveFile(string Path, byte[] Content);

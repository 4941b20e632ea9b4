using System.Collections.Immutable;

namespace Hive.Building;

/// <summary>What a reply asks of one file.</summary>
/// <param name="Path">The file, from the root of the repository, with <c>/</c> between its parts; it has passed <see cref="EditPath.Check"/>.</param>
internal abstract record FileEdit(string Path);

/// <summary>The file is to go.</summary>
/// <param name="Path">The file.</param>
internal sealed record Deletion(string Path) : FileEdit(Path);

/// <summary>The file is to hold this text, whether it exists or not.</summary>
/// <param name="Path">The file.</param>
/// <param name="Text">Its text, each line ended by <c>\n</c>.</param>
internal sealed record FullText(string Path, string Text) : FileEdit(Path);

/// <summary>Parts of the file are to be replaced, one after the other.</summary>
/// <param name="Path">The file.</param>
/// <param name="Blocks">The parts, in the order of the reply.</param>
internal sealed record Replacements(string Path, ImmutableArray<Replacement> Blocks) : FileEdit(Path);

/// <summary>One part of a file and what is to stand there instead.</summary>
/// <param name="Search">Lines of the file, without their ends; at least one.</param>
/// <param name="Replace">Lines, without their ends; none deletes the part.</param>
internal sealed record Replacement(ImmutableArray<string> Search, ImmutableArray<string> Replace);

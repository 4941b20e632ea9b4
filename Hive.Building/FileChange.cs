namespace Hive.Building;

/// <summary>A file as it is to be in a tree.</summary>
/// <param name="Path">The file.</param>
/// <param name="Mode">Git's file mode.</param>
/// <param name="Content">What it holds; null deletes it.</param>
internal sealed record FileChange(string Path, string Mode, byte[]? Content);

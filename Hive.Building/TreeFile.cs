namespace Hive.Building;

/// <summary>A file of the base commit.</summary>
/// <param name="Path">From the root, with <c>/</c> between its parts.</param>
/// <param name="Mode">Git's file mode.</param>
/// <param name="Id">The object's id.</param>
/// <param name="Size">Bytes; 0 for a submodule.</param>
internal sealed record TreeFile(string Path, string Mode, string Id, long Size)
{
    /// <summary>An ordinary file.</summary>
    public const string Plain = "100644";

    /// <summary>A file that may be executed.</summary>
    public const string Executable = "100755";

    /// <summary>Whether it is a file with a text or bytes, neither a link nor a submodule.</summary>
    public bool IsRegular => Mode is Plain or Executable;
}

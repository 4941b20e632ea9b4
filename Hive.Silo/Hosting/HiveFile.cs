using Hive.Brains.Configuration;
using Hive.Tools.Configuration;

namespace Hive.Silo.Hosting;

/// <summary>What a <c>hive.json</c> says: the brains of a silo and the tool servers of a hub (<c>docs/brains.md</c>, <c>docs/tools.md</c>).</summary>
/// <param name="Brains">What it says of brains and prompts.</param>
/// <param name="Tools">What it says of tools.</param>
public sealed record HiveFile(BrainsFile Brains, ToolsFile Tools)
{
    /// <summary>Reads the file that was named, or else <c>hive.json</c> in a folder, or else nothing: local servers are looked for then.</summary>
    /// <param name="path">The file; absent where none was named.</param>
    /// <param name="directory">Where <c>hive.json</c> is looked for.</param>
    /// <exception cref="ArgumentException">The file cannot be read or is wrong; the message is one line with what, where and how to mend it.</exception>
    public static HiveFile Find(string? path, string directory)
    {
        try
        {
            return new HiveFile(BrainsFile.Find(path, directory), ToolsFile.Find(path, directory));
        }
        catch (Exception e) when (e is BrainsFileException or ToolsFileException)
        {
            throw new ArgumentException(e.Message, e);
        }
    }
}

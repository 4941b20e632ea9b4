using System.Text;

namespace Hive.Wasm;

/// <summary>A node of the in-memory file system, which never changes.</summary>
internal abstract class FileNode
{
    public required ulong Inode { get; init; }
}

internal sealed class FileLeaf : FileNode
{
    public required ReadOnlyMemory<byte> Content { get; init; }
}

internal sealed class FileDirectory : FileNode
{
    public SortedDictionary<string, FileNode> Entries { get; } = new(StringComparer.Ordinal);
}

/// <summary>Read-only files in memory.</summary>
internal sealed class FileTree
{
    private ulong _lastInode = 1;

    public FileTree(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        foreach (var (path, content) in files) Add(path, content);
    }

    public FileDirectory Root { get; } = new() { Inode = 1 };

    /// <summary>Finds a node. The path may not leave the directory it starts in.</summary>
    public static Errno Find(FileDirectory directory, ReadOnlySpan<byte> path, out FileNode node)
    {
        node = directory;
        var parents = new Stack<FileDirectory>();
        foreach (var part in Encoding.UTF8.GetString(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".") continue;
            if (part == "..")
            {
                if (!parents.TryPop(out var parent)) return Errno.NotCapable;
                node = parent;
                continue;
            }

            if (node is not FileDirectory here) return Errno.NotDirectory;
            if (!here.Entries.TryGetValue(part, out var next)) return Errno.NoEntry;
            parents.Push(here);
            node = next;
        }

        return path.Length > 0 && path[^1] == (byte)'/' && node is FileLeaf ? Errno.NotDirectory : Errno.Success;
    }

    private void Add(string path, ReadOnlyMemory<byte> content)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || parts.Any(part => part is "." or ".."))
            throw new ArgumentException($"'{path}' is no path of a file; give parts between slashes, without '.' and '..'.", nameof(path));
        var directory = Root;
        foreach (var part in parts[..^1])
        {
            if (!directory.Entries.TryGetValue(part, out var next)) directory.Entries[part] = next = new FileDirectory { Inode = ++_lastInode };
            directory = next as FileDirectory ?? throw new ArgumentException($"'{path}' goes through a file.", nameof(path));
        }

        if (!directory.Entries.TryAdd(parts[^1], new FileLeaf { Inode = ++_lastInode, Content = content }))
            throw new ArgumentException($"'{path}' is given twice, or is a directory.", nameof(path));
    }
}

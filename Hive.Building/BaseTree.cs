using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Hive.Building;

/// <summary>What the base commit holds. It is read from the commit, never from the user's work tree.</summary>
internal sealed class BaseTree
{
    private const long MaxBatch = 32 << 20;

    private readonly GitProgram _git;
    private readonly Site _site;
    private readonly FrozenDictionary<string, TreeFile> _files;
    private readonly FrozenSet<string> _folders;

    private BaseTree(GitProgram git, Site site, ImmutableArray<TreeFile> files)
    {
        (_git, _site, Files) = (git, site, files);
        _files = files.ToFrozenDictionary(file => file.Path, StringComparer.Ordinal);
        _folders = _files.Keys.SelectMany(FoldersOf).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>The files, links and submodules, in git's order.</summary>
    public ImmutableArray<TreeFile> Files { get; }

    /// <summary>Lists the base commit.</summary>
    /// <param name="git">Runs git.</param>
    /// <param name="site">The site.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task<BaseTree> ReadAsync(GitProgram git, Site site, CancellationToken cancellation)
    {
        var listed = await git.RunAsync(new GitRun("ls-tree", "-r", "-l", "-z", "--full-tree", site.BaseCommit).In(site.Repository), cancellation).ConfigureAwait(false);
        listed.OrThrow($"listing commit {site.BaseCommit}");

        // A name that is not UTF-8 cannot be told to a brain, nor named by it.
        var lines = Encoding.UTF8.GetString(listed.Output).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        return new BaseTree(git, site, [.. lines.Where(line => !line.Contains('\uFFFD', StringComparison.Ordinal)).Select(Parse)]);
    }

    /// <summary>The folders above a path, the nearest first.</summary>
    /// <param name="path">The path.</param>
    public static IEnumerable<string> FoldersOf(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            yield return path[..slash];
        }
    }

    /// <summary>The file at a path; null where there is none.</summary>
    /// <param name="path">The path.</param>
    public TreeFile? Find(string path) => _files.GetValueOrDefault(path);

    /// <summary>Whether files lie below a path.</summary>
    /// <param name="path">The path.</param>
    public bool IsFolder(string path) => _folders.Contains(path);

    /// <summary>What files hold.</summary>
    /// <param name="files">Ordinary files.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Their bytes, in the same order.</returns>
    public async Task<ImmutableArray<byte[]>> ReadAsync(IReadOnlyList<TreeFile> files, CancellationToken cancellation)
    {
        var contents = ImmutableArray.CreateBuilder<byte[]>(files.Count);
        for (var start = 0; start < files.Count;)
        {
            var (end, size) = (start, 0L);
            while (end < files.Count && (end == start || size + files[end].Size <= MaxBatch)) size += files[end++].Size;
            var ids = string.Concat(files.Skip(start).Take(end - start).Select(file => file.Id + "\n"));
            var read = await _git.RunAsync(new GitRun("cat-file", "--batch=").In(_site.Repository).Reading(ids), cancellation).ConfigureAwait(false);
            Split(read.OrThrow($"reading files of commit {_site.BaseCommit}").Output, files, start, end, contents);
            start = end;
        }

        return contents.ToImmutable();
    }

    // With an empty format each object is a line end, the bytes, a line end.
    private void Split(ReadOnlySpan<byte> output, IReadOnlyList<TreeFile> files, int start, int end, ImmutableArray<byte[]>.Builder contents)
    {
        for (var i = start; i < end; i++)
        {
            var length = (int)files[i].Size;
            if (output.Length < length + 2 || output[0] != '\n' || output[length + 1] != '\n')
            {
                throw new BuildException($"'{files[i].Path}' of commit {_site.BaseCommit} cannot be read from '{_site.UserRepository}': were objects removed there?");
            }

            contents.Add(output.Slice(1, length).ToArray());
            output = output[(length + 2)..];
        }
    }

    private static TreeFile Parse(string line)
    {
        var tab = line.IndexOf('\t', StringComparison.Ordinal);
        return line[..tab].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var mode, _, var id, var size]
            ? new TreeFile(line[(tab + 1)..], mode, id, long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0)
            : throw new BuildException($"git lists a file in a way that is not understood: '{line[..tab]}'");
    }
}

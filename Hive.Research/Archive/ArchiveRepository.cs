using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Hive.Archive;

/// <summary>The bare repository that an archive is: made where there is none, and held so that nobody else writes to it meanwhile.</summary>
internal sealed class ArchiveRepository : IDisposable
{
    /// <summary>Where snapshots go, and what a clone of the archive shows first.</summary>
    public const string SnapshotBranch = "network-snapshots";

    private const string LockFile = "hive-archive.lock";

    private static readonly TimeSpan OrphanTimeout = TimeSpan.FromSeconds(10);

    private readonly FileStream _lock;

    private ArchiveRepository(GitProgram git, FileStream held) => (Git, _lock) = (git, held);

    public GitProgram Git { get; }

    /// <summary>Opens the repository, or makes it.</summary>
    /// <exception cref="ArchiveException">The directory is something else, cannot be written, or is in use; or there is no git.</exception>
    public static async Task<ArchiveRepository> OpenAsync(string directory, ArchiveOptions options, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(directory);
        var git = new GitProgram(options.Git, path);
        try
        {
            if (!Directory.Exists(path) || !Directory.EnumerateFileSystemEntries(path).Any())
            {
                Directory.CreateDirectory(path);
                await InitializeAsync(git, cancellation).ConfigureAwait(false);
            }
            else
            {
                await CheckAsync(git, cancellation).ConfigureAwait(false);
            }

            var held = Hold(path);
            try
            {
                await WaitForOrphanAsync(held, options.Time, cancellation).ConfigureAwait(false);
                Tidy(path);
                return new ArchiveRepository(git, held);
            }
            catch
            {
                await held.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArchiveException($"the archive directory '{path}' cannot be written ({e.Message}): give another one, or go without an archive", e);
        }
    }

    /// <summary>Notes the process that writes, so that whoever opens the archive after a crash waits for its end.</summary>
    public void NoteWriter(int process)
    {
        _lock.SetLength(0);
        _lock.Write(Encoding.ASCII.GetBytes(process.ToString(CultureInfo.InvariantCulture)));
        _lock.Flush();
    }

    /// <summary>Lets others write.</summary>
    public void Dispose() => _lock.Dispose();

    private static async Task InitializeAsync(GitProgram git, CancellationToken cancellation)
    {
        var (status, _, error) = await git.RunAsync(
            cancellation, "init", "--bare", "--quiet", $"--initial-branch={SnapshotBranch}", "--object-format=sha1", "--template=").ConfigureAwait(false);
        if (status != 0)
        {
            throw new ArchiveException($"no archive can be made in '{git.Directory}' ({error}): give another directory, or go without an archive");
        }
    }

    private static async Task CheckAsync(GitProgram git, CancellationToken cancellation)
    {
        var (status, output, _) = await git.RunAsync(cancellation, "rev-parse", "--is-bare-repository", "--show-object-format").ConfigureAwait(false);
        if (status != 0 || output.Split('\n') is not ["true", "sha1", ..])
        {
            throw new ArchiveException($"'{git.Directory}' is not empty and is no bare git repository: give an empty directory or an archive made before");
        }
    }

    private static FileStream Hold(string path)
    {
        try
        {
            return new FileStream(Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException) && File.Exists(Path.Combine(path, LockFile)))
        {
            throw new ArchiveException($"the archive '{path}' is being written by another process: let that one end, or give another directory", e);
        }
    }

    /// <summary>The git of a writer that was killed ends by itself once its input has ended; until then its branches may still move.</summary>
    private static async Task WaitForOrphanAsync(FileStream held, TimeProvider time, CancellationToken cancellation)
    {
        using var reader = new StreamReader(held, leaveOpen: true);
        if (!int.TryParse(await reader.ReadToEndAsync(cancellation).ConfigureAwait(false), CultureInfo.InvariantCulture, out var id))
        {
            return;
        }

        try
        {
            using var process = Process.GetProcessById(id);
            if (process.ProcessName.StartsWith("git", StringComparison.Ordinal))
            {
                await process.WaitForExitAsync(cancellation).WaitAsync(OrphanTimeout, time, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended.
        }
        catch (TimeoutException e)
        {
            throw new ArchiveException($"git (process {id}), which was writing this archive, does not end: end it, or give another directory", e);
        }
    }

    /// <summary>Removes what a git that was killed leaves behind and would trip over: nobody else writes here now.</summary>
    private static void Tidy(string path)
    {
        var left = Directory.EnumerateFiles(path, "fast_import_crash_*")
            .Concat(Directory.EnumerateFiles(path, "*.lock").Where(file => Path.GetFileName(file) != LockFile))
            .Concat(Directory.EnumerateFiles(Path.Combine(path, "refs"), "*.lock", SearchOption.AllDirectories));
        foreach (var file in left.ToArray()) File.Delete(file);
    }
}

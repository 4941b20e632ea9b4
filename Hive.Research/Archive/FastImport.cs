using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hive.Archive;

/// <summary>
/// A running <c>git fast-import</c> (git-fast-import(1)). What it was given is in the repository, branches and all, when a checkpoint has completed; of what came after, nothing is
/// if it ends too early.
/// <code>
/// commit refs/heads/BRANCH
/// author NAME &lt;EMAIL&gt; SECONDS +0000
/// committer NAME &lt;EMAIL&gt; SECONDS +0000
/// data BYTES … message
/// from refs/heads/BRANCH^0           where the branch was there before
/// M 100644 inline PATH
/// data BYTES … content               for each file
/// </code>
/// </summary>
internal sealed class FastImport : IAsyncDisposable
{
    /// <summary>The most files of a branch: its tree is written anew with each commit.</summary>
    private const int MaxFiles = 20_000;

    private readonly GitProgram _git;
    private readonly Process _process;
    private readonly BufferedStream _input;
    private readonly Task<string> _error;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly HashSet<string> _existing;
    private readonly Dictionary<string, Dictionary<string, string>> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _continued = new(StringComparer.Ordinal);
    private bool _isDisposed;

    private FastImport(GitProgram git, Process process, HashSet<string> existing, ArchiveOptions options)
    {
        (_git, _process, _existing, _timeout, _time) = (git, process, existing, options.StallTimeout, options.Time);
        _input = new BufferedStream(process.StandardInput.BaseStream, 1 << 16);
        _error = GitProgram.ReadErrorAsync(process);
    }

    /// <summary>Starts it on a repository, which nobody else writes.</summary>
    /// <exception cref="ArchiveException">There is no git, or the repository cannot be read.</exception>
    public static async Task<FastImport> StartAsync(ArchiveRepository repository, ArchiveOptions options, CancellationToken cancellation)
    {
        var (status, output, error) = await repository.Git.RunAsync(cancellation, "for-each-ref", "--format=%(refname)", "refs/heads").ConfigureAwait(false);
        if (status != 0) throw new ArchiveException($"the archive '{repository.Git.Directory}' cannot be read: {error}");
        var process = repository.Git.Start("fast-import", "--quiet", "--done", "--date-format=raw");
        repository.NoteWriter(process.Id);
        return new FastImport(repository.Git, process, [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)], options);
    }

    /// <summary>Gives it a commit, unless the branch has it already.</summary>
    /// <returns>Whether it was new.</returns>
    /// <exception cref="ArchiveException">It ended, or stands still.</exception>
    public async Task<bool> CommitAsync(ArchiveCommit commit, CancellationToken cancellation)
    {
        var branch = $"refs/heads/{commit.Branch}";
        if (!_files.TryGetValue(branch, out var files)) files = _files[branch] = _existing.Contains(branch) ? await ReadFilesAsync(branch, cancellation).ConfigureAwait(false) : [];
        if (files.GetValueOrDefault(commit.Files[0].Path) == HashOf(commit.Files[0].Content))
        {
            return false;
        }

        if (files.Count + commit.Files.Length > MaxFiles)
        {
            throw new ArchiveException($"the branch '{commit.Branch}' of the archive is full: {MaxFiles:N0} files; begin a new archive");
        }

        // The first commit of this session says what it follows; git knows it of those after.
        var isContinued = _continued.Add(branch) && _existing.Contains(branch);
        await GuardAsync(WriteAsync(branch, commit, isContinued, cancellation), cancellation).ConfigureAwait(false);
        foreach (var file in commit.Files) files[file.Path] = HashOf(file.Content);
        return true;
    }

    /// <summary>Makes safe what it was given.</summary>
    /// <exception cref="ArchiveException">It ended, or stands still.</exception>
    public Task CheckpointAsync(CancellationToken cancellation) => GuardAsync(CheckpointedAsync(cancellation), cancellation);

    /// <summary>Makes safe what it was given, and ends it.</summary>
    /// <exception cref="ArchiveException">It failed, or stands still.</exception>
    public Task EndAsync(CancellationToken cancellation) => GuardAsync(EndedAsync(cancellation), cancellation);

    /// <summary>Ends it, whatever it is at.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().ConfigureAwait(false);
        await _error.ConfigureAwait(false);
        _process.Dispose();
    }

    private static string HashOf(byte[] content)
    {
        // A blob's name (git-hash-object(1)); nothing secret depends on it.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {content.Length}\0")));
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async Task<Dictionary<string, string>> ReadFilesAsync(string branch, CancellationToken cancellation)
    {
        var (status, output, error) = await _git.RunAsync(cancellation, "ls-tree", "-r", "-z", branch).ConfigureAwait(false);
        if (status != 0) throw new ArchiveException($"the branch '{branch}' of the archive '{_git.Directory}' cannot be read: {error}");

        // MODE blob NAME\tPATH
        return output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Split('\t', 2))
            .ToDictionary(entry => entry[1], entry => entry[0].Split(' ')[2], StringComparer.Ordinal);
    }

    private async Task WriteAsync(string branch, ArchiveCommit commit, bool isContinued, CancellationToken cancellation)
    {
        var author = string.Create(CultureInfo.InvariantCulture, $"{commit.Author} <{ArchiveNames.Safe(commit.Author)}@hive> {Math.Max(0, commit.At.ToUnixTimeSeconds())} +0000");
        await LineAsync($"commit {branch}\nauthor {author}\ncommitter {author}", cancellation).ConfigureAwait(false);
        await DataAsync(Encoding.UTF8.GetBytes(commit.Message + "\n"), cancellation).ConfigureAwait(false);
        if (isContinued) await LineAsync($"from {branch}^0", cancellation).ConfigureAwait(false);
        foreach (var file in commit.Files)
        {
            await LineAsync($"M 100644 inline {file.Path}", cancellation).ConfigureAwait(false);
            await DataAsync(file.Content, cancellation).ConfigureAwait(false);
        }

        await LineAsync("", cancellation).ConfigureAwait(false);
    }

    private async Task CheckpointedAsync(CancellationToken cancellation)
    {
        await LineAsync("checkpoint\n\nprogress checkpoint\n", cancellation).ConfigureAwait(false);
        await _input.FlushAsync(cancellation).ConfigureAwait(false);
        if (await _process.StandardOutput.ReadLineAsync(cancellation).ConfigureAwait(false) is null)
        {
            throw new EndOfStreamException();
        }
    }

    private async Task EndedAsync(CancellationToken cancellation)
    {
        await LineAsync("done", cancellation).ConfigureAwait(false);
        await _input.FlushAsync(cancellation).ConfigureAwait(false);
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        if (_process.ExitCode != 0) throw new EndOfStreamException();
    }

    private Task LineAsync(string line, CancellationToken cancellation) => _input.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellation).AsTask();

    private async Task DataAsync(byte[] content, CancellationToken cancellation)
    {
        await LineAsync(string.Create(CultureInfo.InvariantCulture, $"data {content.Length}"), cancellation).ConfigureAwait(false);
        await _input.WriteAsync(content, cancellation).ConfigureAwait(false);
        await LineAsync("", cancellation).ConfigureAwait(false);
    }

    private async Task GuardAsync(Task step, CancellationToken cancellation)
    {
        try
        {
            await step.WaitAsync(_timeout, _time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new ArchiveException($"git took nothing for the archive '{_git.Directory}' for {_timeout.TotalSeconds:0} s", e);
        }
        catch (IOException e)
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
            var said = await _error.ConfigureAwait(false);
            throw new ArchiveException($"the archive '{_git.Directory}' cannot be written: {(said.Length > 0 ? said : "git was ended from outside")}", e);
        }
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace Hive.Archive;

/// <summary>
/// A campaign's record as a bare git repository that people can clone and read: a branch <c>agents/NAME</c> for each agent with <c>run-0001.json</c>, <c>run-0001.md</c>, <c>best.json</c> and
/// <c>papers/NAME.md</c>, and a branch <c>network-snapshots</c>.
/// <para>
/// It is written beside the research, which waits only where the queue is full. What is added again and is there already changes nothing, so after a crash, which loses what was
/// not checkpointed, all that is known from elsewhere may simply be added again. Equal runs give equal commits. Where it fails it says so once, in <see cref="Failure"/>, takes
/// nothing more, and research goes on.
/// </para>
/// </summary>
public sealed class ResearchArchive : IAsyncDisposable
{
    /// <summary>The most bytes of one file.</summary>
    public const int MaxFileBytes = 1 << 20;

    private readonly ArchiveRepository _repository;
    private readonly ArchiveOptions _options;
    private readonly Channel<Item> _queue;
    private readonly ITimer _timer;
    private readonly Task _writer;

    /// <summary>What was given to git since the last checkpoint, to be given again should it die.</summary>
    private readonly List<ArchiveCommit> _unsafe = [];
    private FastImport _import;
    private string? _failure;
    private int _disposed;

    private ResearchArchive(ArchiveRepository repository, FastImport import, ArchiveOptions options)
    {
        (_repository, _import, _options) = (repository, import, options);
        _queue = Channel.CreateBounded<Item>(new BoundedChannelOptions(options.Queue) { SingleReader = true });
        _timer = options.Time.CreateTimer(_ => _queue.Writer.TryWrite(new Item(null, null)), null, options.CheckpointPeriod, options.CheckpointPeriod);
        _writer = Task.Run(WriteAsync);
    }

    /// <summary>Why nothing more is archived; null while all is well.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>Opens an archive, or makes one.</summary>
    /// <param name="directory">A directory that is not there, is empty, or holds an archive.</param>
    /// <param name="options">How it is written; null for the usual way.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ArchiveException">The directory is something else, cannot be written, or is in use; or there is no git.</exception>
    public static async Task<ResearchArchive> OpenAsync(string directory, ArchiveOptions? options, CancellationToken cancellation)
    {
        options ??= new ArchiveOptions();
        var repository = await ArchiveRepository.OpenAsync(directory, options, cancellation).ConfigureAwait(false);
        try
        {
            return new ResearchArchive(repository, await FastImport.StartAsync(repository, options, cancellation).ConfigureAwait(false), options);
        }
        catch
        {
            repository.Dispose();
            throw;
        }
    }

    /// <summary>Adds an experiment to its agent's branch.</summary>
    /// <param name="agent">The agent; any name.</param>
    /// <param name="run">The experiment's number, from 1, unique to the agent.</param>
    /// <param name="at">When it was run.</param>
    /// <param name="json">The experiment for programs.</param>
    /// <param name="markdown">The experiment for people.</param>
    /// <param name="best">The agent's best experiment, where this one is it; null where it is not.</param>
    /// <param name="cancellation">Stops waiting for room in the queue.</param>
    /// <returns>Whether it was taken; false once the archive has failed.</returns>
    /// <exception cref="ArgumentException">A file is too large.</exception>
    public ValueTask<bool> AddRunAsync(string agent, int run, DateTimeOffset at, string json, string markdown, string? best, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(run, 1);
        var name = string.Create(CultureInfo.InvariantCulture, $"run-{run:D4}");
        ImmutableArray<ArchiveFile> files = [File($"{name}.json", json), File($"{name}.md", markdown)];
        if (best is not null) files = files.Add(File("best.json", best));
        return AddAsync(new ArchiveCommit(BranchOf(agent), ArchiveNames.Author(agent), at, best is null ? name : $"{name}: the best so far", files), cancellation);
    }

    /// <summary>Adds a paper to its author's branch.</summary>
    /// <param name="agent">The author; any name.</param>
    /// <param name="name">The paper's name; any. One of the same name is replaced.</param>
    /// <param name="at">When it was written.</param>
    /// <param name="markdown">The paper.</param>
    /// <param name="cancellation">Stops waiting for room in the queue.</param>
    /// <returns>Whether it was taken; false once the archive has failed.</returns>
    /// <exception cref="ArgumentException">The paper is too large.</exception>
    public ValueTask<bool> AddPaperAsync(string agent, string name, DateTimeOffset at, string markdown, CancellationToken cancellation)
    {
        var safe = ArchiveNames.Safe(name);
        return AddAsync(new ArchiveCommit(BranchOf(agent), ArchiveNames.Author(agent), at, $"paper {safe}", [File($"papers/{safe}.md", markdown)]), cancellation);
    }

    /// <summary>Adds a snapshot of the whole swarm: a copy that bears its time, and <c>snapshots/latest.json</c>.</summary>
    /// <param name="at">When it was taken.</param>
    /// <param name="json">The snapshot.</param>
    /// <param name="cancellation">Stops waiting for room in the queue.</param>
    /// <returns>Whether it was taken; false once the archive has failed.</returns>
    /// <exception cref="ArgumentException">The snapshot is too large.</exception>
    public ValueTask<bool> AddSnapshotAsync(DateTimeOffset at, string json, CancellationToken cancellation)
    {
        var time = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH-mm-ss-fff'Z'", CultureInfo.InvariantCulture);
        var files = ImmutableArray.Create(File($"snapshots/{time}.json", json), File("snapshots/latest.json", json));
        return AddAsync(new ArchiveCommit(ArchiveRepository.SnapshotBranch, "hive", at, $"snapshot {time}", files), cancellation);
    }

    /// <summary>Completes when all that was added before is safe in the repository.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ArchiveException">The archive has failed.</exception>
    public async Task CheckpointAsync(CancellationToken cancellation)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _queue.Writer.WriteAsync(new Item(null, done), cancellation).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw new ArchiveException(Failure ?? "the archive is closed", e);
        }

        await done.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Makes everything safe and ends. It does not throw: what failed is in <see cref="Failure"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _timer.DisposeAsync().ConfigureAwait(false);
            _queue.Writer.TryComplete();
            await _writer.ConfigureAwait(false);
            _repository.Dispose();
        }
    }

    /// <summary>The branch of an agent: its name where that is safe, else a safe form of it.</summary>
    /// <param name="agent">The agent; any name.</param>
    public static string BranchOf(string agent) => $"agents/{ArchiveNames.Safe(agent)}";

    private static ArchiveFile File(string path, string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        return content.Length <= MaxFileBytes
            ? new ArchiveFile(path, content)
            : throw new ArgumentException($"{path} has {content.Length:N0} bytes; at most {MaxFileBytes:N0} are archived");
    }

    private async ValueTask<bool> AddAsync(ArchiveCommit commit, CancellationToken cancellation)
    {
        try
        {
            await _queue.Writer.WriteAsync(new Item(commit, null), cancellation).ConfigureAwait(false);
            return true;
        }
        catch (ChannelClosedException)
        {
            return false;
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var item in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                try
                {
                    await MendAsync(() => WriteAsync(item)).ConfigureAwait(false);
                    item.Done?.TrySetResult();
                }
                catch (Exception e)
                {
                    item.Done?.TrySetException(new ArchiveException(e.Message, e));
                    throw;
                }
            }

            await MendAsync(() => _import.EndAsync(CancellationToken.None)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Whatever it is, research goes on; it is told where it is asked for.
            Volatile.Write(ref _failure, e is ArchiveException ? e.Message : $"the archive failed: {e.Message}");
            _queue.Writer.TryComplete();
            while (_queue.Reader.TryRead(out var item)) item.Done?.TrySetException(new ArchiveException(Failure!, e));
        }
        finally
        {
            await _import.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(Item item)
    {
        if (item.Commit is { } commit && await _import.CommitAsync(commit, CancellationToken.None).ConfigureAwait(false)) _unsafe.Add(commit);
        if ((item.Commit is null && _unsafe.Count > 0) || _unsafe.Count >= _options.CommitsPerCheckpoint)
        {
            await _import.CheckpointAsync(CancellationToken.None).ConfigureAwait(false);
            _unsafe.Clear();
        }
    }

    /// <summary>
    /// Takes a step; where git has died on the way, such as of the Ctrl-C that was meant for the research, a new one is given what the old one had not made safe, and the step is
    /// taken once more.
    /// </summary>
    private async Task MendAsync(Func<Task> step)
    {
        try
        {
            await step().ConfigureAwait(false);
        }
        catch (ArchiveException)
        {
            await _import.DisposeAsync().ConfigureAwait(false);
            _import = await FastImport.StartAsync(_repository, _options, CancellationToken.None).ConfigureAwait(false);
            foreach (var commit in _unsafe) await _import.CommitAsync(commit, CancellationToken.None).ConfigureAwait(false);
            await step().ConfigureAwait(false);
        }
    }

    /// <summary>A commit; or, where there is none, a wish that all before it be made safe.</summary>
    private sealed record Item(ArchiveCommit? Commit, TaskCompletionSource? Done);
}

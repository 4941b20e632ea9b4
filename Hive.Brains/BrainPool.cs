using System.Collections.Immutable;
using Hive.Brains.Calls;
using Hive.Brains.Configuration;
using Hive.Brains.Discovery;
using Hive.Brains.Servers;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hive.Brains;

/// <summary>
/// The brains of a silo: those that a <see cref="BrainsFile"/> lists, and those found on this machine. It owns their connections and the servers that it started for them;
/// disposing of it ends both.
/// </summary>
public sealed class BrainPool : IBrains, IAsyncDisposable
{
    private readonly ImmutableArray<BrainHandle> _brains;
    private readonly Dictionary<string, BrainHandle> _byName;
    private readonly HttpClient _local;
    private readonly HttpClient _remote;
    private int _isDisposed;

    private BrainPool(ImmutableArray<BrainHandle> brains, HttpClient local, HttpClient remote)
    {
        (_brains, _local, _remote) = (brains, local, remote);
        _byName = brains.ToDictionary(brain => brain.Entry.Spec.Name, StringComparer.Ordinal);
        All = [.. brains.Select(brain => brain.Entry.Spec)];
        Entries = [.. brains.Select(brain => brain.Entry)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<BrainSpec> All { get; }

    /// <summary>The brains with how they are reached, in the same order.</summary>
    public ImmutableArray<BrainEntry> Entries { get; }

    /// <summary>Opens the brains that a file lists, and those of local servers where the file does not forbid to look for them. No brain is asked, and no server started.</summary>
    /// <param name="file">What is configured.</param>
    /// <param name="time">Measures waits and time-outs.</param>
    /// <param name="loggers">Are told of servers that start, stop or are shut off; absent: nobody is.</param>
    /// <param name="cancellation">Ends the search for local servers.</param>
    public static Task<BrainPool> OpenAsync(BrainsFile file, TimeProvider time, ILoggerFactory? loggers, CancellationToken cancellation) =>
        OpenAsync(file, new BrainLimits(), LocalServer.Usual, time, loggers, cancellation);

    /// <summary>Opens brains with other bounds than the usual ones, and looks for local servers at given places.</summary>
    internal static async Task<BrainPool> OpenAsync(
        BrainsFile file, BrainLimits limits, ImmutableArray<LocalServer> servers, TimeProvider time, ILoggerFactory? loggers, CancellationToken cancellation)
    {
        var (local, remote) = (BrainHttp.Create(isLocal: true, limits), BrainHttp.Create(isLocal: false, limits));
        try
        {
            ImmutableArray<BrainEntry> found = file.Discover ? await new LocalDiscovery(local, time).FindAsync(servers, file, cancellation).ConfigureAwait(false) : [];
            var log = (loggers ?? NullLoggerFactory.Instance).CreateLogger("Hive.Brains");
            return new BrainPool(
                [.. file.Brains.Concat(found).Select(brain => new BrainHandle(brain, limits, brain.Endpoint.IsLoopback ? local : remote, time, log))], local, remote);
        }
        catch
        {
            local.Dispose();
            remote.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IChatClient Open(string name)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        return Find(name).Client;
    }

    /// <summary>Looks whether a brain's server answers now, without asking the brain anything and without starting a server.</summary>
    /// <param name="name">The brain's name.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <returns>Nothing where it answers; otherwise why not, in a few words.</returns>
    /// <exception cref="KeyNotFoundException">There is no such brain here.</exception>
    public Task<string?> WhyAwayAsync(string name, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        return Find(name).WhyAwayAsync(cancellation);
    }

    /// <summary>Closes all connections and stops the servers that were started; nothing of them is left when this completes. Calls on their way fail.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _local.CancelPendingRequests();
        _remote.CancelPendingRequests();
        await Task.WhenAll(_brains.Select(brain => brain.DisposeAsync().AsTask())).ConfigureAwait(false);
        _local.Dispose();
        _remote.Dispose();
    }

    private BrainHandle Find(string name) => _byName.TryGetValue(name, out var brain)
        ? brain
        : throw new KeyNotFoundException(_brains.IsEmpty
            ? $"there is no brain '{name}' here, nor any other"
            : $"there is no brain '{name}' here; there are {string.Join(", ", All.Take(10).Select(spec => spec.Name))}{(All.Count > 10 ? ", …" : "")}");
}

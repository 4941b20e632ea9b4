using System.Collections.Concurrent;
using Hive.Research.Domains;
using Hive.Swarm;

namespace Hive.Research;

/// <summary>The domains that a silo has open, each read once, and its places to run experiments, as many as it has cores.</summary>
/// <param name="cores">How many experiments run at once, at least 1.</param>
/// <param name="open">Opens a domain.</param>
public sealed class ResearchDomains(int cores, Func<DomainRequest, CancellationToken, IResearchDomain> open) : IAsyncDisposable
{
    /// <summary>How many domains a silo keeps open at once; beyond it all that are open make way.</summary>
    public const int MaxOpen = 16;

    private readonly ConcurrentDictionary<DomainRequest, Lazy<Task<IResearchDomain>>> _open = new();

    /// <summary>The places to run experiments.</summary>
    public SemaphoreSlim Places { get; } = new(cores);

    /// <summary>A domain, opened once however many ask for it. A failure is not kept: the user may mend it and ask again.</summary>
    /// <param name="request">Which.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ArgumentException">The request cannot be met; the message says why.</exception>
    public async Task<IResearchDomain> OpenAsync(DomainRequest request, CancellationToken cancellation)
    {
        if (_open.Count >= MaxOpen && !_open.ContainsKey(request)) _open.Clear();
        var opening = _open.GetOrAdd(request, wanted => new Lazy<Task<IResearchDomain>>(() => Task.Run(() => open(wanted, CancellationToken.None))));
        try
        {
            return await opening.Value.WaitAsync(cancellation);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or DomainException)
        {
            _open.TryRemove(request, out _);
            throw new ArgumentException(e.Message, e);
        }
        catch when (opening.Value.IsFaulted)
        {
            _open.TryRemove(request, out _);
            throw;
        }
    }

    /// <summary>Ends what domains have running, such as evaluators.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var opening in _open.Values.Where(opening => opening is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }))
        {
            if (await opening.Value is IAsyncDisposable domain) await domain.DisposeAsync();
        }

        Places.Dispose();
    }
}

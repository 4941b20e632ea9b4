using System.Collections.Immutable;
using Hive.Brains;
using Hive.Silo.Hosting;

namespace Hive.Silo.Commands;

/// <summary>The brains and tools of a command that runs one goal for brains: local servers have been looked for when it is there.</summary>
internal sealed class SessionMind : IAsyncDisposable
{
    private readonly HiveFile _file;
    private readonly BrainPool _brains;

    private SessionMind(HiveFile file, BrainPool brains) => (_file, _brains) = (file, brains);

    /// <summary>Opens what <c>hive.json</c> lists and what is found on this machine.</summary>
    /// <param name="config">The file that was named, if one was.</param>
    /// <param name="tiers">The tiers that the goal's brains must be of; empty: any.</param>
    /// <param name="cancellation">Ends the search for local servers.</param>
    /// <exception cref="BadInputException">There is no brain here, or none of those tiers.</exception>
    /// <exception cref="ArgumentException">The file is wrong.</exception>
    public static async Task<SessionMind> OpenAsync(string? config, ImmutableArray<string> tiers, CancellationToken cancellation)
    {
        var file = HiveFile.Find(config, Directory.GetCurrentDirectory());
        var brains = await BrainPool.OpenAsync(file.Brains, TimeProvider.System, loggers: null, cancellation);
        if (brains.All.Count > 0 && (tiers.IsEmpty || brains.All.Any(brain => tiers.Contains(brain.Tier))))
        {
            return new SessionMind(file, brains);
        }

        await brains.DisposeAsync();
        throw new BadInputException(brains.All.Count == 0
            ? BrainAdvice.NoBrain
            : $"the goal wants brains of tier {string.Join(" or ", tiers)}, and here are only {string.Join(", ", brains.All.Select(brain => $"{brain.Name} ({brain.Tier})"))}; change its \"tiers\", or list another in hive.json");
    }

    /// <summary>Gives them to the hub of this process.</summary>
    public void Configure(HiveOptions options) => (options.File, options.Brains) = (_file, _brains);

    public ValueTask DisposeAsync() => _brains.DisposeAsync();
}

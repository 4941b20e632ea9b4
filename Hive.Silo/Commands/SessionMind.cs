using System.Collections.Immutable;
using Hive.Brains;
using Hive.Goals;
using Hive.Silo.Hosting;
using Hive.Skills;
using Hive.Tools;

namespace Hive.Silo.Commands;

/// <summary>The brains and tools of a command that runs one goal for brains: local servers have been looked for when it is there.</summary>
internal sealed class SessionMind : IAsyncDisposable
{
    private readonly HiveFile _file;
    private readonly BrainPool _brains;

    private SessionMind(HiveFile file, BrainPool brains) => (_file, _brains) = (file, brains);

    /// <summary>Opens what <c>hive.json</c> lists and what is found on this machine.</summary>
    /// <param name="config">The file that was named, if one was.</param>
    /// <param name="goal">The goal, where it is at hand: whether its brains and tools are here is found out now.</param>
    /// <param name="cancellation">Ends the search for local servers.</param>
    /// <exception cref="BadInputException">There is no brain here, none of the goal's tiers, or a tool server is missing.</exception>
    /// <exception cref="ArgumentException">The file is wrong.</exception>
    public static async Task<SessionMind> OpenAsync(string? config, GoalSpec? goal, CancellationToken cancellation)
    {
        var file = HiveFile.Find(config, Directory.GetCurrentDirectory());
        RequireTools(file, goal?.Cognition?.Tools ?? []);
        var tiers = goal?.Tiers ?? [];
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

    private static void RequireTools(HiveFile file, ImmutableArray<string> tools)
    {
        foreach (var tool in tools)
        {
            var server = ToolNames.ServerOf(tool);
            if (!ToolNames.IsPattern(tool))
            {
                throw new BadInputException($"tools: '{tool}' names no tool; write server.tool or server.*");
            }

            if (server != SkillTools.Server && !file.Tools.Servers.Any(known => known.Name == server))
            {
                throw new BadInputException($"tools: there is no tool server '{server}' for '{tool}'; list it under \"tools\" in hive.json (docs/tools.md)");
            }
        }
    }

    /// <summary>Gives them to the hub of this process.</summary>
    public void Configure(HiveOptions options) => (options.File, options.Brains) = (_file, _brains);

    public ValueTask DisposeAsync() => _brains.DisposeAsync();
}

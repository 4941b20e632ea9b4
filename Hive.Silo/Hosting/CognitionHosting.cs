using Hive.Agents;
using Hive.Brains;
using Hive.Brains.Configuration;
using Hive.Building;
using Hive.Cognition.Prompts;
using Hive.Skills;
using Hive.Tools;
using Hive.Tools.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

namespace Hive.Silo.Hosting;

/// <summary>What a silo has for goals of brains: brains and memories of agents everywhere; tools, prompts and a place to build on the hub. Nothing is started before it is needed.</summary>
internal static class CognitionHosting
{
    private const string Memories = "agents";
    private const string Sites = "sites";

    /// <exception cref="PromptException">The folder of prompts is not usable.</exception>
    public static void Add(ISiloBuilder silo, HiveOptions options)
    {
        var services = silo.Services;
        if (options.Database != HiveOptions.InMemory)
        {
            services.AddSingleton(new AgentMemories(FolderOf(options, Memories)));
        }

        AddBrains(services, options);
        if (!options.IsHub)
        {
            return;
        }

        if ((options.Prompts ?? PromptsOf(options.File?.Brains)) is { } prompts)
        {
            services.AddSingleton(prompts);
        }

        if (options.Tools is { } given)
        {
            services.AddSingleton(given);
        }
        else
        {
            services.AddSingleton(provider => new McpTools(options.File?.Tools ?? ToolsFile.Empty, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<ITools>(provider => Combined(
                provider.GetRequiredService<McpTools>(),
                new SkillTools(provider.GetRequiredService<IGrainFactory>(), new AgentKey(options.Tier, options.Name, "skills").ToString())));
        }

        services.AddSingleton(provider => options.Workshop ?? new GitWorkshop(
            FolderOf(options, Sites), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<GitWorkshop>>()));
    }

    private static void AddBrains(IServiceCollection services, HiveOptions options)
    {
        if (options.Brains is { } brains)
        {
            services.AddSingleton(brains);
        }
        else if (options.File?.Brains is { } file)
        {
            services.AddSingleton(provider => new SiloBrains(file, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
            services.AddSingleton<IBrains>(provider => provider.GetRequiredService<SiloBrains>());
            services.AddHostedService(provider => provider.GetRequiredService<SiloBrains>());
        }
    }

    /// <summary>Whatever uses the container asks for the combination; the container itself ends the servers.</summary>
    private static CombinedTools Combined(McpTools servers, SkillTools skills) => new((servers.Servers, servers), ([SkillTools.Server], skills));

    private static PromptLibrary? PromptsOf(BrainsFile? file) => file?.Prompts is { } folder ? PromptLibrary.Load(folder) : null;

    private static string FolderOf(HiveOptions options, string name) => Path.Combine(HubStorage.FolderOf(options.Database), name);
}

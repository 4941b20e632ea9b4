using Hive.Client;
using Hive.Silo.Grid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Hive.Silo.Hosting;

/// <summary>Hosts a silo inside an application.</summary>
public static class HiveHosting
{
    /// <summary>
    /// Adds a silo, by default its own hub with a SQLite database in <c>.hive</c>, and <see cref="IHive"/> over it:
    /// <c>builder.AddHive();</c> and then <c>host.Services.GetRequiredService&lt;IHive&gt;()</c>.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="configure">What the silo is told at its start.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="Cognition.Prompts.PromptException">The folder of prompts that <see cref="HiveOptions.File"/> names is not usable.</exception>
    public static IHostApplicationBuilder AddHive(this IHostApplicationBuilder builder, Action<HiveOptions>? configure = null)
    {
        var options = new HiveOptions();
        configure?.Invoke(options);
        options.Validate();
        builder.UseOrleans(silo => AddSilo(silo, options));
        builder.Services.AddHiveClient();
        return builder;
    }

    private static void AddSilo(ISiloBuilder silo, HiveOptions options)
    {
        GridTransport.Add(silo, options);
        silo.Configure<SiloOptions>(details => details.SiloName = options.Name);
        silo.UseSiloMetadata(HiveGrains.Tags(options.Name, options.Tier, options.IsHub));
        CognitionHosting.Add(silo, options);
        silo.Services.AddHiveGrains(options.Cores);
        silo.Services.AddSingleton(options);
        silo.Services.AddHostedService<SiloAnnouncer>();
        if (options.IsHub)
        {
            HubStorage.Add(silo, options);
        }

        if (options.Grid is { } grid)
        {
            GridHosting.Add(silo, options, grid);
        }
    }
}

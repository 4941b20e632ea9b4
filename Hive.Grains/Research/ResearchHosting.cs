using Hive.Research.Domains;
using Hive.Research.Ml;
using Hive.Swarm;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Hive.Research;

/// <summary>What research needs of a silo.</summary>
public static class ResearchHosting
{
    /// <summary>Adds the domains and the places to run experiments.</summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="cores">How many experiments run at once, at least 1.</param>
    public static IServiceCollection AddResearch(this IServiceCollection services, int cores)
    {
        services.TryAddSingleton(CreateDomains(cores));
        return services;
    }

    /// <summary>The domains that come with Hive, and those of users' files.</summary>
    /// <param name="cores">How many experiments run at once, at least 1.</param>
    public static ResearchDomains CreateDomains(int cores) => new(cores, Open);

    private static IResearchDomain Open(DomainRequest request, CancellationToken cancellation)
    {
        if (request.Name == "ml") return MlDomain.Open(new MlOptions { TextFile = request.Text, Work = request.Work ?? 1 }, cancellation);
        if (request.Work is not null) throw new ArgumentException($"the work of an experiment can be chosen for ml alone, not for '{request.Name}'");
        return DomainCatalogue.Make(request.Name, request.Text, TimeProvider.System, cancellation);
    }
}

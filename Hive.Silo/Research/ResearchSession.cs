using Hive.Client.Grid;
using Hive.Research;
using Hive.Silo.Commands;
using Hive.Silo.Grid;
using Hive.Silo.Hosting;
using Hive.Swarm;

namespace Hive.Silo.Research;

/// <summary>A hive that runs campaigns to their ends: this one process, or a grid.</summary>
internal sealed class ResearchSession : IAsyncDisposable
{
    private readonly IAsyncDisposable _hive;
    private readonly ResearchDomains _domains;
    private readonly Func<string, ICampaignGrain> _campaignOf;

    private ResearchSession(IAsyncDisposable hive, ResearchDomains domains, Func<string, ICampaignGrain> campaignOf) => (_hive, _domains, _campaignOf) = (hive, domains, campaignOf);

    /// <summary>Starts it.</summary>
    /// <param name="data">Where campaigns are kept.</param>
    /// <param name="cores">How many experiments run at once.</param>
    /// <param name="grid">The grid; null for this process alone.</param>
    /// <param name="cancellation">Gives the start up.</param>
    public static async Task<ResearchSession> StartAsync(string data, int cores, GridOptions? grid, CancellationToken cancellation)
    {
        if (grid is not null)
        {
            var hive = await GridHive.ConnectAsync(grid, GridArguments.Patience, cancellation: cancellation);
            return new ResearchSession(hive, ResearchHosting.CreateDomains(cores), id => new GridCampaign(hive, id));
        }

        var silo = await RunningSilo.StartAsync(options => (options.Database, options.Cores, options.ResumeGoals) = (data, cores, false), cancellation);
        return new ResearchSession(silo, (ResearchDomains)silo.Services.GetService(typeof(ResearchDomains))!, id => silo.Grains.GetGrain<ICampaignGrain>(id));
    }

    /// <summary>Opens a domain.</summary>
    /// <exception cref="ArgumentException">It cannot be opened; the message says why.</exception>
    public Task<IResearchDomain> OpenAsync(DomainRequest request, CancellationToken cancellation) => _domains.OpenAsync(request, cancellation);

    /// <summary>Brings a campaign to its end: a new one, one that lies still, or one that has ended already.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="request">What is asked for; null to go on with what is there.</param>
    /// <param name="display">Makes what shows it, once it is known which way is better.</param>
    /// <param name="cancellation">Interrupts: what is recorded stays.</param>
    /// <exception cref="ResearchStoppedException">It stopped before its end.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task<CampaignOutcome> RunAsync(string id, CampaignRequest? request, Func<Direction, ResearchDisplay> display, CancellationToken cancellation)
    {
        var grain = _campaignOf(id);
        var begun = request is null ? await grain.ResumeAsync() : await grain.SubmitAsync(request.ToJson());
        var domain = await OpenAsync(CampaignRequest.Parse(begun.Request).Domain, cancellation);
        try
        {
            await display(domain.Direction).FollowAsync(grain, cancellation);
        }
        catch (OperationCanceledException)
        {
            await grain.StopAsync();
            throw;
        }

        var status = await grain.GetStatusAsync();
        return status.IsEnded ? await ReplayAsync(id, grain, cancellation) : throw new ResearchStoppedException(status.Trouble ?? "it was stopped");
    }

    public ValueTask DisposeAsync() => _hive.DisposeAsync();

    private async Task<CampaignOutcome> ReplayAsync(string id, ICampaignGrain grain, CancellationToken cancellation)
    {
        var replay = new CampaignReplay(id, _domains.OpenAsync);
        var times = new Dictionary<TaskId, DateTimeOffset>();
        await foreach (var entry in grain.WatchAsync(0, cancellation).WithCancellation(cancellation))
        {
            await replay.ApplyAsync(entry, cancellation);
            if (entry.Kind == ResearchLog.Result) times.TryAdd(ResearchLog.ReadResult(entry.Json, replay.Domain.Space).Task, entry.At);
        }

        return new CampaignOutcome(id, replay, times);
    }
}

/// <summary>A campaign stopped before its end; what is recorded stays.</summary>
internal sealed class ResearchStoppedException(string message) : Exception(message);

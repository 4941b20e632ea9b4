using System.Text;
using Hive.Basins;
using Hive.Swarm;

namespace Hive.Research;

/// <summary>A campaign as its log tells it: nothing comes from anywhere but the entries, so a replayed log and a lived campaign end in the same state.</summary>
/// <param name="id">The campaign's id.</param>
/// <param name="open">Opens the domain that the log names.</param>
public sealed class CampaignReplay(string id, Func<DomainRequest, CancellationToken, Task<IResearchDomain>> open)
{
    private DateTimeOffset _begun;
    private DateTimeOffset _last;
    private double _seconds;

    /// <summary>What was asked for; null before the campaign was accepted.</summary>
    public CampaignRequest? Request { get; private set; }

    /// <summary>When the campaign was accepted, by the hub's clock.</summary>
    public DateTimeOffset AcceptedAt { get; private set; }

    /// <summary>The domain.</summary>
    public IResearchDomain Domain { get; private set; } = null!;

    /// <summary>The campaign.</summary>
    public Campaign Campaign { get; private set; } = null!;

    /// <summary>How many results are in the log.</summary>
    public long Recorded { get; private set; }

    /// <summary>Whether the log says that everything was run and judged.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>How long processes have worked on it, from the first result of each to its last.</summary>
    public double Seconds => _seconds + (_last - _begun).TotalSeconds;

    /// <summary>Takes in an entry.</summary>
    /// <param name="entry">The next one.</param>
    /// <param name="cancellation">Stops opening the domain.</param>
    /// <exception cref="CampaignHistoryException">The entry does not fit what was before it.</exception>
    public async Task ApplyAsync(CampaignEntry entry, CancellationToken cancellation)
    {
        try
        {
            switch (entry.Kind)
            {
                case ResearchLog.Accepted:
                    await AcceptAsync(entry.Json, cancellation);
                    (AcceptedAt, _begun, _last) = (entry.At, entry.At, entry.At);
                    break;
                case ResearchLog.Begun:
                    _seconds += (_last - _begun).TotalSeconds;
                    _begun = entry.At;
                    break;
                case ResearchLog.Result:
                    Record(entry);
                    break;
                case ResearchLog.Ended:
                    IsEnded = true;
                    break;
            }
        }
        catch (FormatException e)
        {
            throw new CampaignHistoryException($"campaign {id}: entry {entry.Sequence} of its log cannot be read: {e.Message}");
        }

        _last = entry.At;
    }

    private async Task AcceptAsync(string json, CancellationToken cancellation)
    {
        var (request, fingerprint) = ResearchLog.ReadAccepted(json);
        Domain = await open(request.Domain, cancellation);
        if (Domain.Fingerprint != fingerprint)
        {
            throw new CampaignHistoryException($"campaign {id}: the data of domain '{request.Domain.Name}' are not those that it began with; bring those back, or start a new campaign");
        }

        Campaign = Start(request);
        Request = request;
    }

    private Campaign Start(CampaignRequest request)
    {
        if (request.Basin is not { } packet) return new Campaign(request.Spec, Domain);
        try
        {
            return new Campaign(request.Spec, Domain, BasinPacket.Read(Encoding.UTF8.GetBytes(packet)));
        }
        catch (BasinRefusedException e)
        {
            throw new CampaignHistoryException($"campaign {id}: the basin that it began with is refused: {e.Message}");
        }
    }

    private void Record(CampaignEntry entry)
    {
        var (run, configuration, result) = ResearchLog.ReadResult(entry.Json, Domain.Space);
        var task = Campaign.Find(run);
        if (task is not null && !task.Configuration.Equals(configuration))
        {
            throw new CampaignHistoryException($"campaign {id}: entry {entry.Sequence} was written by another version of Hive, whose agents think otherwise; finish it with that version, or start a new campaign");
        }

        if (Campaign.Record(run, result)) Recorded++;
    }
}

using System.Runtime.CompilerServices;
using Hive.Leaderboards;
using Hive.Placement;
using Hive.Storage;
using Hive.Swarm;
using Microsoft.Extensions.Logging;

namespace Hive.Research;

/// <summary>
/// One research campaign, the authority over its own life. What it is stands in its log and nowhere else: a new activation reads the log and goes on. The thinking is
/// <see cref="Campaign"/>, the work a <see cref="CampaignRun"/>; this grain accepts, stops, resumes and tells.
/// </summary>
/// <param name="domains">Opens the domain, to know its techniques; the hub runs no experiment.</param>
/// <param name="boards">Where findings are made known.</param>
/// <param name="log">Where the campaign's life is written down.</param>
/// <param name="locks">Keeps two processes from running one campaign.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where trouble is told.</param>
[HubPlacement]
public sealed partial class CampaignGrain(ResearchDomains domains, SiloLeaderboards boards, IGoalLog log, GoalLocks locks, TimeProvider time, ILogger<CampaignGrain> logger) : Grain, ICampaignGrain
{
    private readonly CancellationTokenSource _stop = new();
    private CampaignReplay _campaign = null!;
    private CampaignJournal _journal = null!;
    private Task? _run;
    private Exception? _trouble;

    private string Id => this.GetPrimaryKeyString();

    private bool IsAtWork => _run is { IsCompleted: false };

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _campaign = new CampaignReplay(Id, domains.OpenAsync);
        _journal = new CampaignJournal(Id, _campaign, log, time);
        await _journal.ReplayAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (_run is { } run) await run.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<CampaignStatus> SubmitAsync(string request)
    {
        var wanted = Parse(request);
        if (_campaign.Request is { } known)
        {
            return known.ToJson() == wanted.ToJson()
                ? await ResumeAsync()
                : throw new ArgumentException($"another campaign has the id {Id}; start this one under an id of its own", nameof(request));
        }

        var domain = await domains.OpenAsync(wanted.Domain, CancellationToken.None);

        // Noted first: a hub that dies in between finds nothing under the id, and forgets it.
        await GrainFactory.GetGrain<ICampaignIndexGrain>(ICampaignIndexGrain.Key).NoteAsync(Id, isEnded: false);
        await StartAfterAsync(() => _journal.RecordAsync(ResearchLog.Accepted, ResearchLog.WriteAccepted(wanted, domain.Fingerprint)));
        return Status();
    }

    /// <inheritdoc/>
    public async Task<CampaignStatus> ResumeAsync()
    {
        RequireCampaign();

        // Another process may have gone on with the campaign since this activation read its log.
        if (!_campaign.IsEnded && !IsAtWork) await StartAfterAsync(() => _journal.ReplayAsync(CancellationToken.None));
        return Status();
    }

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        if (_run is { } run) await run;
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public Task<CampaignStatus> GetStatusAsync()
    {
        RequireCampaign();
        return Task.FromResult(Status());
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<CampaignEntry> WatchAsync(long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        RequireCampaign();
        while (true)
        {
            var changed = _journal.Changed;
            var mayChange = IsAtWork;
            await foreach (var entry in _journal.ReadAsync(after, cancellation))
            {
                after = entry.Sequence;
                yield return entry;
            }

            if (!mayChange) yield break;
            await Task.WhenAny(changed, _run!).WaitAsync(cancellation);
        }
    }

    private static CampaignRequest Parse(string request)
    {
        try
        {
            return CampaignRequest.Parse(request);
        }
        catch (FormatException e)
        {
            throw new ArgumentException(e.Message, nameof(request));
        }
    }

    /// <summary>Takes the campaign's lock, does what comes first under it, and goes to work. What fails on the way lets the lock go.</summary>
    private async Task StartAfterAsync(Func<Task> first)
    {
        var held = await locks.TryAcquireAsync(ResearchLog.KeyOf(Id), CancellationToken.None);
        if (!held.IsHeld) throw new CampaignBusyException($"campaign {Id} is being worked on by {held.Holder}");
        await held.BeginAsync(first);

        // A campaign at work is not idle, however long nobody asks for it.
        DelayDeactivation(TimeSpan.MaxValue);
        _trouble = null;
        _run = RunAsync(held);
    }

    private async Task RunAsync(GoalLock held)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, held.Lost);
        try
        {
            if (!_campaign.IsEnded) await new CampaignRun(Id, _campaign, _journal, new CampaignHerald(Id, _campaign, boards, GrainFactory), GrainFactory, time, logger).RunAsync(stop.Token);
            await GrainFactory.GetGrain<ICampaignIndexGrain>(ICampaignIndexGrain.Key).NoteAsync(Id, isEnded: true);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped, not ended: the log lets the campaign go on later.
        }
        catch (Exception e)
        {
            _trouble = e;
            LogStopped(e, Id);
        }
        finally
        {
            await held.DisposeAsync();
            DelayDeactivation(TimeSpan.FromTicks(-1));
        }
    }

    private void RequireCampaign()
    {
        if (_campaign.Request is null) throw new KeyNotFoundException($"there is no campaign {Id}");
    }

    private CampaignStatus Status() => new(Id, _campaign.Request!.ToJson(), _campaign.Recorded, _campaign.IsEnded, IsAtWork, _trouble?.Message);

    [LoggerMessage(Level = LogLevel.Error, Message = "Campaign {Campaign} stopped; what is recorded stays, and it can be resumed")]
    private partial void LogStopped(Exception e, string campaign);
}

using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Hive.Leaderboards;
using Hive.Swarm;

namespace Hive.Research;

/// <summary>
/// Makes known what a campaign has found: to peers as findings, to the leaderboard as claims with what review made of them. It tells what counts and nothing else, and the same again after
/// a crash; whoever hears it twice has heard it once.
/// </summary>
internal sealed class CampaignHerald
{
    private const int TellsPerStore = 32;

    private readonly string _id;
    private readonly CampaignReplay _campaign;
    private readonly IGrainFactory _grains;
    private readonly SiloLeaderboard _board;
    private readonly Dictionary<int, long> _counts = [];
    private readonly Dictionary<int, ClaimStatus> _judged = [];
    private int _told;
    private int _stored;

    /// <summary>A campaign's herald.</summary>
    /// <param name="id">The campaign's id.</param>
    /// <param name="campaign">The campaign.</param>
    /// <param name="boards">The hub's leaderboards.</param>
    /// <param name="grains">Finds the leaderboard that is stored.</param>
    public CampaignHerald(string id, CampaignReplay campaign, SiloLeaderboards boards, IGrainFactory grains)
    {
        (_id, _campaign, _grains) = (id, campaign, grains);
        _board = boards.Join(LeaderboardKey.Of(campaign.Domain));
    }

    /// <summary>Tells what has come to count since it was called last, and now and then has the leaderboard stored.</summary>
    public async Task TellAsync()
    {
        var campaign = _campaign.Campaign;
        for (; _told < campaign.Taken; _told++) Tell(campaign.Experiments[_told]);
        if (_told - _stored >= TellsPerStore) await StoreAsync();
    }

    /// <summary>Tells the rest, and what became of each claim, and has the leaderboard stored.</summary>
    public async Task StoreAsync()
    {
        var campaign = _campaign.Campaign;
        for (; _told < campaign.Taken; _told++) Tell(campaign.Experiments[_told]);
        for (var number = 0; number < _told; number++) Judge(campaign.Experiments[number]);
        _stored = _told;
        var summary = new LeaderboardSummary(_board.Key.Domain, _board.Key.Fingerprint, _board.Key.Direction.ToString().ToLowerInvariant());
        var delta = _board.Replica.Read(board => board.ToDelta().ToBytes());
        await _grains.GetGrain<ILeaderboardGrain>(summary.GrainKey).MergeAsync(ImmutableArray.Create(delta));
    }

    private void Tell(Experiment experiment)
    {
        var agent = AgentOf(experiment);
        var count = _counts[experiment.Agent] = _counts.GetValueOrDefault(experiment.Agent) + 1;
        _board.Replica.Count(new ExperimentCount(agent, _campaign.AcceptedAt.ToUnixTimeMilliseconds(), count));
        if (ClaimOf(experiment) is { } claim) _board.Tell(claim);
    }

    private void Judge(Experiment experiment)
    {
        ClaimStatus? status = experiment.Standing switch
        {
            Standing.Replicated => ClaimStatus.Verified,
            Standing.NotReplicated or Standing.Struck => ClaimStatus.Refuted,
            _ => null,
        };
        if (status is not { } now || _judged.GetValueOrDefault(experiment.Number) == now || ClaimOf(experiment) is not { } claim) return;
        _judged[experiment.Number] = now;
        _board.Replica.Judge(claim, now);
    }

    private string AgentOf(Experiment experiment) => $"{_id}/{experiment.Agent}";

    /// <summary>The claim that an experiment makes; the same one however often it is asked for. Null where it gave no value.</summary>
    private Claim? ClaimOf(Experiment experiment) => double.IsFinite(experiment.Value)
        ? new Claim(AgentOf(experiment), $"{experiment.Number}", experiment.Value, ConfigurationOf(experiment), experiment.Seed, At(experiment.Number))
        : null;

    /// <summary>The instant of the campaign's beginning, and the number: the same after a crash, and never ahead of anybody's clock.</summary>
    private HybridTimestamp At(int number) => HybridTimestamp.Of(_campaign.AcceptedAt.ToUnixTimeMilliseconds(), (ushort)Math.Min(number, ushort.MaxValue));

    /// <summary>The configuration, or where to find it if it is larger than a claim holds.</summary>
    private string ConfigurationOf(Experiment experiment)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) _campaign.Domain.Space.Write(writer, experiment.Configuration);
        return stream.Length <= Claim.MaxConfigurationBytes
            ? Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length)
            : $$"""{"campaign": "{{_id}}", "experiment": {{experiment.Number}}}""";
    }
}

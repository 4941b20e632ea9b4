using Hive.Leaderboards;

namespace Hive.Gossip;

/// <summary>
/// Tells findings to peers and hears theirs: each once, none malformed, none faster than an agent may speak, none of an agent whose word is worth too little. What is lost on
/// the way is lost; the leaderboard has what matters. Safe to use from several threads.
/// </summary>
public sealed class FindingGossip : IDisposable
{
    private readonly LeaderboardKey _key;
    private readonly IEventBus _bus;
    private readonly ReputationBook _reputations;
    private readonly Action<Finding> _heard;
    private readonly FindingGossipOptions _options;
    private readonly RecentMessages _recent;
    private readonly AgentRates _rates;
    private readonly long[] _counts = new long[Enum.GetValues<FindingVerdict>().Length];
    private readonly Lock _lock = new();
    private readonly IDisposable _subscription;

    /// <summary>Begins to listen.</summary>
    /// <param name="key">The domain and data whose findings are heard.</param>
    /// <param name="bus">Carries the findings.</param>
    /// <param name="reputations">What agents' words are worth. Whoever replicates a claim notes there what came of it.</param>
    /// <param name="time">The clock rates are kept by.</param>
    /// <param name="heard">Called for each finding, one at a time, those told here too. It must be quick.</param>
    /// <param name="options">The bounds; null for the usual ones.</param>
    public FindingGossip(LeaderboardKey key, IEventBus bus, ReputationBook reputations, TimeProvider time, Action<Finding> heard, FindingGossipOptions? options = null)
    {
        (_key, _bus, _reputations, _heard, _options) = (key, bus, reputations, heard, options ?? new FindingGossipOptions());
        _recent = new RecentMessages(_options.Remembered);
        _rates = new AgentRates(_options.PerSecond, _options.Burst, _options.Agents, time);
        _subscription = bus.Subscribe(TopicOf(key), message => Hear(message.Span));
    }

    /// <summary>The topic that a domain's findings are told on.</summary>
    /// <param name="key">The domain.</param>
    public static string TopicOf(LeaderboardKey key) => $"finding.{key.Domain}";

    /// <summary>How many messages came to a verdict so far.</summary>
    /// <param name="verdict">The verdict.</param>
    public long CountOf(FindingVerdict verdict) => Interlocked.Read(ref _counts[(int)verdict]);

    /// <summary>Tells what an agent of this process found.</summary>
    /// <param name="claim">What it claims.</param>
    /// <returns>Whether the bus took it; research goes on either way.</returns>
    public bool Tell(Claim claim)
    {
        var signature = _options.Signature?.Sign(claim.Agent, Finding.Statement(_key, claim)) ?? [];
        return _bus.Publish(TopicOf(_key), new Finding(_key, claim, signature).ToBytes());
    }

    /// <summary>Stops listening.</summary>
    public void Dispose() => _subscription.Dispose();

    private void Hear(ReadOnlySpan<byte> message)
    {
        lock (_lock)
        {
            var verdict = Judge(message, out var finding);
            Interlocked.Increment(ref _counts[(int)verdict]);
            if (verdict == FindingVerdict.Heard) _heard(finding!);
        }
    }

    private FindingVerdict Judge(ReadOnlySpan<byte> message, out Finding? finding)
    {
        finding = null;
        var hash = RecentMessages.HashOf(message);
        if (_recent.Contains(hash)) return FindingVerdict.Repeated;
        try
        {
            finding = Finding.Parse(message);
        }
        catch (FormatException)
        {
            _recent.Add(hash);

            // Where findings are signed, what cannot be read cannot be laid at anybody's door.
            if (_options.Signature is null && Finding.NamedIn(message) is { } named) _reputations.Note(named, isKept: false);
            return FindingVerdict.Malformed;
        }

        var claim = finding.Claim;
        if (finding.Key != _key) return FindingVerdict.OtherData;
        if (_options.Signature?.IsValid(claim.Agent, Finding.Statement(_key, claim), finding.Signature.AsSpan()) == false) return FindingVerdict.Unsigned;
        if (_reputations.TrustIn(claim.Agent) < _options.TrustFloor) return FindingVerdict.Distrusted;
        if (!_rates.TryTake(claim.Agent)) return FindingVerdict.TooMany;
        _recent.Add(hash);
        if (_options.Mistake?.Invoke(claim) is null) return FindingVerdict.Heard;
        _reputations.Note(claim.Agent, isKept: false);
        return FindingVerdict.Malformed;
    }
}

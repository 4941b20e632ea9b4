namespace Hive.Gossip;

/// <summary>A token bucket for each agent: so many findings at once, so many a second after that. Not safe to use from several threads.</summary>
internal sealed class AgentRates(double perSecond, int burst, int mostAgents, TimeProvider time)
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, (double Tokens, long At)> _buckets = new(StringComparer.Ordinal);
    private long? _swept;

    /// <summary>Takes a token of an agent's; false where it has none left, or too many agents are heard at once.</summary>
    public bool TryTake(string agent)
    {
        var now = time.GetTimestamp();
        if (!_buckets.TryGetValue(agent, out var bucket))
        {
            Sweep(now);
            if (_buckets.Count >= mostAgents) return false;
            bucket = (burst, now);
        }

        var tokens = Filled(bucket, now);
        var isLeft = tokens >= 1;
        _buckets[agent] = (isLeft ? tokens - 1 : tokens, now);
        return isLeft;
    }

    private double Filled((double Tokens, long At) bucket, long now) => Math.Min(burst, bucket.Tokens + (perSecond * time.GetElapsedTime(bucket.At, now).TotalSeconds));

    /// <summary>Forgets buckets that are full again: they say nothing. Not more often than pays.</summary>
    private void Sweep(long now)
    {
        if (_buckets.Count < mostAgents || (_swept is { } last && time.GetElapsedTime(last, now) < SweepPeriod))
        {
            return;
        }

        _swept = now;
        foreach (var (agent, _) in _buckets.Where(bucket => Filled(bucket.Value, now) >= burst).ToArray())
        {
            _buckets.Remove(agent);
        }
    }
}

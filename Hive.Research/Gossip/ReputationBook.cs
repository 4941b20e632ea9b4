using Hive.Statistics;

namespace Hive.Gossip;

/// <summary>
/// What each agent's word is worth, by the checks of it: a <see cref="Reputation"/> of which evidence loses half its weight in each half-life, so that an agent that was mended
/// is heard again some day. Holds a bounded number of agents; those with the worst names are remembered longest. Safe to use from several threads.
/// </summary>
/// <param name="time">The clock evidence fades by.</param>
/// <param name="halfLife">In what time it loses half its weight; null for one hour.</param>
/// <param name="mostAgents">How many agents are remembered.</param>
public sealed class ReputationBook(TimeProvider time, TimeSpan? halfLife = null, int mostAgents = ReputationBook.DefaultAgents)
{
    /// <summary>How many agents are remembered unless told otherwise.</summary>
    public const int DefaultAgents = 16_384;

    private readonly TimeSpan _halfLife = halfLife ?? TimeSpan.FromHours(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _agents = new(StringComparer.Ordinal);

    /// <summary>The expected rate at which an agent's word holds, between 0 and 1; a half for a stranger.</summary>
    /// <param name="agent">The agent.</param>
    public double TrustIn(string agent)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            return _agents.TryGetValue(agent, out var entry) ? Faded(entry, now).Mean : default(Reputation).Mean;
        }
    }

    /// <summary>Notes that an agent's word was checked: a finding that replicated or did not, a message that was malformed.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="isKept">Whether its word held.</param>
    /// <param name="weight">How much the check counts, above 0.</param>
    public void Note(string agent, bool isKept, double weight = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(weight);
        var now = time.GetTimestamp();
        lock (_lock)
        {
            if (!_agents.TryGetValue(agent, out var entry) && _agents.Count >= mostAgents)
            {
                _agents.Remove(_agents.MaxBy(known => Faded(known.Value, now).Mean).Key);
            }

            _agents[agent] = new Entry(Faded(entry, now).After(isKept, weight), now);
        }
    }

    private Reputation Faded(Entry entry, long now)
    {
        var weight = Math.Pow(0.5, time.GetElapsedTime(entry.At, now) / _halfLife);
        return new Reputation(entry.Reputation.Kept * weight, entry.Reputation.Broken * weight);
    }

    private readonly record struct Entry(Reputation Reputation, long At);
}

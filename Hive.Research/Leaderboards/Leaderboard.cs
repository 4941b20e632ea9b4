using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Hive.Leaderboards;

/// <summary>
/// The ranking of one domain that any number of replicas keep, each on its own: merging is commutative, associative and idempotent, so replicas that have seen the same deltas, in
/// whatever order and however often, are equal (a state-based replicated data type; Shapiro, Preguiça, Baquero and Zawirski, 2011).
/// <para>
/// It keeps the best <see cref="ClaimsPerAgent"/> claims of each agent, and of these the best <see cref="MaxClaims"/>; claims that were struck keep their place among them though they
/// no longer rank, because whether a claim is kept must not depend on what became of it. Counts of experiments are kept apart, the newest <see cref="MaxCounts"/>.
/// </para>
/// Not safe to use from several threads.
/// </summary>
public sealed class Leaderboard
{
    /// <summary>How many claims of one agent are kept, its best: as many of them may be struck before it no longer ranks until it claims something better.</summary>
    public const int ClaimsPerAgent = 4;

    /// <summary>How many claims are kept in all: up to a quarter as many agents none is forgotten, above it the worst are.</summary>
    public const int MaxClaims = 8_192;

    /// <summary>How many counts (one for each agent and epoch) are kept: the newest epochs'; above it <see cref="Experiments"/> forgets the oldest.</summary>
    public const int MaxCounts = 16_384;

    private readonly LeaderboardBounds _bounds;
    private readonly ClaimOrder _order;
    private readonly Dictionary<string, JudgedClaim[]> _claims = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Agent, long Epoch), ExperimentCount> _counts = [];
    private int _claimCount;

    /// <summary>The worst claim that was kept when the board was last cut to size; what is worse finds no place on a full board.</summary>
    private JudgedClaim? _floor;

    /// <summary>An empty leaderboard.</summary>
    /// <param name="key">What it ranks.</param>
    public Leaderboard(LeaderboardKey key)
        : this(key, LeaderboardBounds.Default)
    {
    }

    internal Leaderboard(LeaderboardKey key, LeaderboardBounds bounds) => (Key, _bounds, _order) = (key, bounds, new ClaimOrder(key.Direction));

    /// <summary>What it ranks.</summary>
    public LeaderboardKey Key { get; }

    /// <summary>Counts up with every change, so that what was reckoned from the board can be kept until then.</summary>
    public long Version { get; private set; }

    /// <summary>How many claims it holds, struck ones too.</summary>
    public int Claims => _claimCount;

    /// <summary>How many experiments its agents have run.</summary>
    public long Experiments => _counts.Values.Sum(count => count.Experiments);

    /// <summary>How many agents it knows of.</summary>
    public int Agents => _counts.Keys.Select(cell => cell.Agent).Where(agent => !_claims.ContainsKey(agent)).Distinct(StringComparer.Ordinal).Count() + _claims.Count;

    /// <summary>Takes a claim in.</summary>
    /// <param name="claim">The claim.</param>
    /// <returns>What other replicas should merge; empty where the claim is known or too poor to be kept.</returns>
    public LeaderboardDelta Submit(Claim claim) => Judge(claim, ClaimStatus.Claimed);

    /// <summary>Notes what became of a claim, whether it is known here or not.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="status">What became of it; a lower status than it has changes nothing.</param>
    /// <returns>What other replicas should merge; empty where nothing changed.</returns>
    public LeaderboardDelta Judge(Claim claim, ClaimStatus status)
    {
        var delta = LeaderboardDelta.Of(Key, claim, status);
        return Merge(delta) ? delta : delta with { Claims = [] };
    }

    /// <summary>Notes how many experiments an agent has run.</summary>
    /// <param name="count">The count, the agent's whole one of its epoch.</param>
    /// <returns>What other replicas should merge; empty where nothing changed.</returns>
    public LeaderboardDelta Count(ExperimentCount count)
    {
        var delta = new LeaderboardDelta(Key, [], [count]);
        return Merge(delta) ? delta : delta with { Counts = [] };
    }

    /// <summary>Takes in what another replica knows.</summary>
    /// <param name="delta">A part of its board, or all of it.</param>
    /// <returns>Whether anything changed.</returns>
    /// <exception cref="ArgumentException">It is of another domain, of other data or ranks the other way; nothing changed.</exception>
    public bool Merge(LeaderboardDelta delta)
    {
        if (delta.Key != Key)
        {
            throw new ArgumentException($"results of {delta.Key} do not compare with those of {Key}");
        }

        var claims = new List<JudgedClaim>();
        foreach (var claim in delta.Claims)
        {
            if (Add(claim)) claims.Add(claim);
        }

        var counts = new List<ExperimentCount>();
        foreach (var count in delta.Counts)
        {
            if (Add(count)) counts.Add(count);
        }

        // What found no place in the end has changed nothing.
        var isChanged = (claims.Count > 0 && (!CutClaims() || claims.Exists(IsKept))) | (counts.Count > 0 && (!CutCounts() || counts.Exists(IsKept)));
        if (isChanged) Version++;
        return isChanged;
    }

    /// <summary>Takes in the serialised form of what another replica knows.</summary>
    /// <param name="bytes">What may be one; anything at all.</param>
    /// <returns>Whether anything changed.</returns>
    /// <exception cref="FormatException">It is none; nothing changed.</exception>
    /// <exception cref="ArgumentException">It is of another domain, of other data or ranks the other way; nothing changed.</exception>
    public bool Merge(ReadOnlySpan<byte> bytes) => Merge(LeaderboardDelta.Parse(bytes));

    /// <summary>The board as it is, whole; in one order whatever led to it, so equal boards have equal serialised forms.</summary>
    public LeaderboardDelta ToDelta() => Select(_ => true);

    /// <summary>Agents by their best claim that was not struck, the best first.</summary>
    /// <param name="most">How many at most.</param>
    public ImmutableArray<LeaderboardRow> Top(int most)
    {
        var experiments = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var count in _counts.Values)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(experiments, count.Agent, out _) += count.Experiments;
        }

        return
        [
            .. _claims.Values.Select(Standing).OfType<JudgedClaim>().Order(_order).Take(most)
                .Select((standing, index) => new LeaderboardRow(index + 1, standing.Claim, standing.Status, experiments.GetValueOrDefault(standing.Claim.Agent))),
        ];
    }

    /// <summary>An agent's best claim that was not struck; null where it has none.</summary>
    /// <param name="agent">The agent.</param>
    public JudgedClaim? BestOf(string agent) => _claims.TryGetValue(agent, out var claims) ? Standing(claims) : null;

    /// <summary>What became of a claim; null where it is not kept here.</summary>
    /// <param name="claim">The claim.</param>
    public ClaimStatus? StatusOf(Claim claim) =>
        _claims.TryGetValue(claim.Agent, out var claims) ? claims.FirstOrDefault(known => known.Claim.Equals(claim))?.Status : null;

    /// <summary>What the board knows of some agents, in the board's one order.</summary>
    internal LeaderboardDelta Select(Func<string, bool> agent) => new(
        Key,
        [.. _claims.Where(pair => agent(pair.Key)).OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => pair.Value)],
        [.. _counts.Values.Where(count => agent(count.Agent)).OrderBy(count => count.Agent, StringComparer.Ordinal).ThenBy(count => count.Epoch)]);

    private static JudgedClaim? Standing(JudgedClaim[] claims) => Array.Find(claims, claim => claim.Status != ClaimStatus.Refuted);

    private bool Add(JudgedClaim added)
    {
        if (_claimCount >= _bounds.Claims && _floor is not null && _order.Compare(added, _floor) > 0)
        {
            return false;
        }

        ref var claims = ref CollectionsMarshal.GetValueRefOrAddDefault(_claims, added.Claim.Agent, out var isKnown);
        if (!isKnown)
        {
            claims = [added];
            _claimCount++;
            return true;
        }

        // Most that is told is worse than what is known: that is asked first.
        if (claims!.Length == _bounds.ClaimsPerAgent && _order.Compare(claims[^1], added) < 0)
        {
            return false;
        }

        var (at, order) = (0, -1);
        while (at < claims.Length && (order = _order.Compare(claims[at], added)) < 0) at++;
        if (order == 0)
        {
            if (claims[at].Status >= added.Status)
            {
                return false;
            }

            claims[at] = added;
            return true;
        }

        // An agent's worst claim makes room.
        var grown = new JudgedClaim[Math.Min(claims.Length + 1, _bounds.ClaimsPerAgent)];
        claims.AsSpan(0, at).CopyTo(grown);
        grown[at] = added;
        claims.AsSpan(at, grown.Length - at - 1).CopyTo(grown.AsSpan(at + 1));
        _claimCount += grown.Length - claims.Length;
        claims = grown;
        return true;
    }

    private bool Add(ExperimentCount added)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, (added.Agent, added.Epoch), out _);
        if (count is not null && count.Experiments >= added.Experiments)
        {
            return false;
        }

        count = added;
        return true;
    }

    private bool IsKept(JudgedClaim claim) => StatusOf(claim.Claim) == claim.Status;

    private bool IsKept(ExperimentCount count) => _counts.ContainsKey((count.Agent, count.Epoch));

    /// <summary>Forgets the worst claims of a board that is too large.</summary>
    /// <returns>Whether it was.</returns>
    private bool CutClaims()
    {
        if (_claimCount <= _bounds.Claims)
        {
            return false;
        }

        var ranked = _claims.Values.SelectMany(claims => claims).Order(_order).ToArray();
        _floor = ranked[_bounds.Claims - 1];
        foreach (var (claim, _) in ranked.AsSpan(_bounds.Claims))
        {
            // An agent's worst goes first, which is its last.
            var kept = _claims[claim.Agent][..^1];
            if (kept.Length == 0) _claims.Remove(claim.Agent);
            else _claims[claim.Agent] = kept;
            _claimCount--;
        }

        return true;
    }

    /// <summary>Forgets the oldest counts where there are too many.</summary>
    /// <returns>Whether there were.</returns>
    private bool CutCounts()
    {
        if (_counts.Count <= _bounds.Counts)
        {
            return false;
        }

        foreach (var cell in _counts.Keys.OrderByDescending(cell => cell.Epoch).ThenBy(cell => cell.Agent, StringComparer.Ordinal).Skip(_bounds.Counts).ToArray())
        {
            _counts.Remove(cell);
        }

        return true;
    }
}

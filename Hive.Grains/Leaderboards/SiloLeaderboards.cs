using System.Collections.Concurrent;
using System.Security.Cryptography;
using Hive.Gossip;

namespace Hive.Leaderboards;

/// <summary>
/// The leaderboards that a silo takes part in: a replica each, and an ear for findings. A silo that is cut off goes on with what it has; replicas that meet again agree within seconds.
/// </summary>
/// <param name="bus">Carries what replicas tell each other: within the process, or over the grid.</param>
/// <param name="time">The clock.</param>
public sealed class SiloLeaderboards(IEventBus bus, TimeProvider time) : IDisposable
{
    /// <summary>How many leaderboards a silo takes part in at once; beyond it the one that was joined first is left.</summary>
    public const int MaxBoards = 64;

    private readonly HybridClock _clock = new(time);
    private readonly ReputationBook _reputations = new(time);
    private readonly ConcurrentDictionary<LeaderboardKey, SiloLeaderboard> _boards = new();
    private readonly ConcurrentQueue<LeaderboardKey> _order = new();

    /// <summary>Takes part in a leaderboard, from now on and until the silo ends.</summary>
    /// <param name="key">What it ranks.</param>
    public SiloLeaderboard Join(LeaderboardKey key)
    {
        if (_boards.TryGetValue(key, out var known)) return known;
        var seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        var joined = new SiloLeaderboard(key, bus, _clock, _reputations, time, seed);
        if (!_boards.TryAdd(key, joined))
        {
            joined.Dispose();
            return _boards[key];
        }

        _order.Enqueue(key);
        while (_boards.Count > MaxBoards && _order.TryDequeue(out var first))
        {
            if (_boards.TryRemove(first, out var left)) left.Dispose();
        }

        return joined;
    }

    /// <summary>Leaves all leaderboards.</summary>
    public void Dispose()
    {
        foreach (var board in _boards.Values) board.Dispose();
    }
}

/// <summary>One leaderboard as a silo takes part in it.</summary>
public sealed class SiloLeaderboard : IDisposable
{
    private readonly FindingGossip _gossip;
    private long _heard;

    internal SiloLeaderboard(LeaderboardKey key, IEventBus bus, HybridClock clock, ReputationBook reputations, TimeProvider time, ulong seed)
    {
        Key = key;
        Replica = new LeaderboardReplica(key, bus, clock, time, seed);
        _gossip = new FindingGossip(key, bus, reputations, time, _ => Interlocked.Increment(ref _heard));
    }

    /// <summary>What it ranks.</summary>
    public LeaderboardKey Key { get; }

    /// <summary>The silo's replica.</summary>
    public LeaderboardReplica Replica { get; }

    /// <summary>How many findings were heard, each once.</summary>
    public long FindingsHeard => Interlocked.Read(ref _heard);

    /// <summary>Tells peers what an agent found, and ranks it.</summary>
    /// <param name="claim">What it claims.</param>
    public void Tell(Claim claim)
    {
        Replica.Submit(claim);
        _gossip.Tell(claim);
    }

    /// <summary>Leaves it.</summary>
    public void Dispose()
    {
        _gossip.Dispose();
        Replica.Dispose();
    }
}

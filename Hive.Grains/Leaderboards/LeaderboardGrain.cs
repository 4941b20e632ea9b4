using System.Collections.Immutable;
using Hive.Placement;

namespace Hive.Leaderboards;

/// <summary>The hub's replica of one leaderboard.</summary>
[HubPlacement]
public sealed class LeaderboardGrain : Grain, ILeaderboardGrain
{
    private const int MostPlaces = 1_000;

    private readonly IPersistentState<StoredLeaderboard> _state;
    private readonly SharedWrite _write;
    private Leaderboard? _board;
    private long _storedVersion;
    private bool _isListed;

    /// <summary>A leaderboard as it was stored.</summary>
    /// <param name="state">The leaderboard in its serialised form.</param>
    public LeaderboardGrain([PersistentState("leaderboard", HiveGrains.Storage)] IPersistentState<StoredLeaderboard> state) =>
        (_state, _write) = (state, new SharedWrite(StoreAsync));

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (_state.State.Board is { Length: > 0 } stored)
        {
            var whole = LeaderboardDelta.Parse(stored);
            _board = new Leaderboard(whole.Key);
            _board.Merge(whole);
            _storedVersion = _board.Version;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<bool> MergeAsync(ImmutableArray<byte> delta)
    {
        var known = LeaderboardDelta.Parse(delta.AsSpan());
        if (Summary(known.Key).GrainKey != this.GetPrimaryKeyString())
        {
            throw new ArgumentException($"results of {known.Key} do not belong on the leaderboard {this.GetPrimaryKeyString()}");
        }

        _board ??= new Leaderboard(known.Key);
        var isChanged = _board.Merge(known);

        // What was known already may not have been stored yet.
        if (_board.Version != _storedVersion) await _write.WriteAsync();
        return isChanged;
    }

    /// <inheritdoc/>
    public Task<LeaderboardPage> TopAsync(int most)
    {
        var board = Required();
        var places = board.Top(Math.Clamp(most, 1, MostPlaces)).Select(row => new LeaderboardPlace(
            row.Rank, row.Claim.Agent, row.Claim.Value, Word(row.Status), row.Claim.Experiment, row.Claim.Seed, row.Claim.At.Time, row.Claim.Configuration, row.Experiments));
        return Task.FromResult(new LeaderboardPage(Summary(board.Key), board.Experiments, board.Agents, board.Claims, [.. places]));
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<byte>> ReadAsync() => Task.FromResult(ImmutableArray.Create(Required().ToDelta().ToBytes()));

    private static LeaderboardSummary Summary(LeaderboardKey key) => new(key.Domain, key.Fingerprint, Word(key.Direction));

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private Leaderboard Required() => _board ?? throw new KeyNotFoundException($"there is no leaderboard {this.GetPrimaryKeyString()}");

    private async Task StoreAsync()
    {
        var board = Required();
        if (!_isListed)
        {
            await GrainFactory.GetGrain<ILeaderboardIndexGrain>(ILeaderboardIndexGrain.Key).NoteAsync(Summary(board.Key));
            _isListed = true;
        }

        var version = board.Version;
        _state.State = new StoredLeaderboard { Board = board.ToDelta().ToBytes() };
        await _state.WriteStateAsync();
        _storedVersion = version;
    }
}

/// <summary>A leaderboard as the hub stores it.</summary>
public sealed class StoredLeaderboard
{
    /// <summary>The serialised form; empty where nothing was submitted yet.</summary>
    public byte[] Board { get; set; } = [];
}

using System.Collections.Immutable;
using Hive.Leaderboards;
using Hive.Randomness;

namespace Hive.Gossip;

/// <summary>
/// One silo's replica of a leaderboard. It tells its changes at once; what got lost, or was found while it was cut off, is made good by anti-entropy: at least one replica of
/// those that agree announces a digest every second, and whoever knows something else answers with the parts that differ. So replicas that meet agree within
/// <see cref="AnnouncementPeriod"/> and <see cref="AnswerPeriod"/>, less what the bus takes. Safe to use from several threads.
/// </summary>
public sealed class LeaderboardReplica : IDisposable
{
    /// <summary>How many pieces one answer has before the rest waits for the next.</summary>
    private const int PiecesAtOnce = 32;

    private const int AnswersPerAnnouncement = 4;

    private readonly IEventBus _bus;
    private readonly HybridClock _clock;
    private readonly TimeProvider _time;
    private readonly ulong _sender;
    private readonly Leaderboard _board;
    private readonly bool[] _asked = new bool[LeaderboardDigest.Parts];
    private readonly Lock _lock = new();
    private readonly IDisposable _subscription;
    private readonly ITimer _timer;
    private LeaderboardDigest _digest;
    private long _digestVersion;
    private long? _sameHeard;
    private int _turn;
    private long _refused;

    /// <summary>Begins with an empty replica, and asks the others for what they know.</summary>
    /// <param name="key">What the leaderboard ranks.</param>
    /// <param name="bus">Carries what replicas tell each other.</param>
    /// <param name="clock">This silo's clock.</param>
    /// <param name="time">What the periods are measured by.</param>
    /// <param name="seed">Tells replicas apart and spreads their turns in time; any number that no other replica has.</param>
    public LeaderboardReplica(LeaderboardKey key, IEventBus bus, HybridClock clock, TimeProvider time, ulong seed)
    {
        (_bus, _clock, _time, _board) = (bus, clock, time, new Leaderboard(key));
        var random = new SeededRandom(seed);
        _sender = random.NextBits();
        _digest = LeaderboardDigest.Of(_board);
        _subscription = bus.Subscribe(TopicOf(key), message => Hear(message.Span));
        _timer = time.CreateTimer(_ => Turn(), null, AnswerPeriod * random.NextDouble(), AnswerPeriod);
    }

    /// <summary>How often a digest is announced.</summary>
    public static TimeSpan AnnouncementPeriod { get; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an answer waits at most; several that would say the same become one.</summary>
    public static TimeSpan AnswerPeriod => AnnouncementPeriod / AnswersPerAnnouncement;

    /// <summary>How many messages were no messages between replicas of this board.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>The topic that replicas of a leaderboard speak on.</summary>
    /// <param name="key">What it ranks.</param>
    public static string TopicOf(LeaderboardKey key) => $"leaderboard.{key.Domain}";

    /// <summary>Takes a claim in and tells it.</summary>
    /// <param name="claim">The claim.</param>
    public void Submit(Claim claim) => Judge(claim, ClaimStatus.Claimed);

    /// <summary>Notes what became of a claim and tells it.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="status">What became of it.</param>
    public void Judge(Claim claim, ClaimStatus status) => Change(board => board.Judge(claim, status));

    /// <summary>Notes how many experiments an agent has run and tells it.</summary>
    /// <param name="count">The count.</param>
    public void Count(ExperimentCount count) => Change(board => board.Count(count));

    /// <summary>Takes in what somebody else knows, such as the hub's board or a file, and tells it.</summary>
    /// <param name="delta">A part of a board, or all of it.</param>
    /// <exception cref="ArgumentException">It is of another domain, of other data or ranks the other way; nothing changed.</exception>
    public void Merge(LeaderboardDelta delta) => Change(board => board.Merge(delta) ? delta : delta with { Claims = [], Counts = [] });

    /// <summary>Reads from the board; nobody changes it meanwhile.</summary>
    /// <param name="read">Must be quick, must not change the board and must not keep it.</param>
    public T Read<T>(Func<Leaderboard, T> read)
    {
        lock (_lock)
        {
            return read(_board);
        }
    }

    /// <summary>Stops telling and listening. What the replica knows can still be read.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _subscription.Dispose();
    }

    private void Change(Func<Leaderboard, LeaderboardDelta> change)
    {
        LeaderboardDelta delta;
        lock (_lock)
        {
            delta = change(_board);
        }

        foreach (var piece in ReplicaMessage.Cut(delta))
        {
            Tell(ReplicaMessage.OfPiece(_sender, _clock.Next(), piece, []));
        }
    }

    private void Turn()
    {
        var messages = new List<byte[]>();
        lock (_lock)
        {
            Answer(messages);
            if (_turn++ % AnswersPerAnnouncement == 0 && !(_sameHeard is { } heard && _time.GetElapsedTime(heard) < AnnouncementPeriod))
            {
                messages.Add(ReplicaMessage.OfDigest(_sender, _clock.Next(), _board.Key, Digest()));
            }
        }

        foreach (var message in messages) Tell(message);
    }

    /// <summary>Sends the parts of which somebody is known to know something else.</summary>
    private void Answer(List<byte[]> messages)
    {
        if (!_asked.AsSpan().Contains(true))
        {
            return;
        }

        var known = _board.Select(agent => _asked[LeaderboardDigest.PartOf(agent)]);
        var claims = known.Claims.ToLookup(claim => LeaderboardDigest.PartOf(claim.Claim.Agent));
        var counts = known.Counts.ToLookup(count => LeaderboardDigest.PartOf(count.Agent));
        var (gathered, complete) = (new LeaderboardDelta(_board.Key, [], []), new List<(int Part, ulong Sum)>());
        for (var part = 0; part < _asked.Length && messages.Count < PiecesAtOnce; part++)
        {
            if (!_asked[part]) continue;
            _asked[part] = false;
            gathered = gathered with { Claims = [.. gathered.Claims, .. claims[part]], Counts = [.. gathered.Counts, .. counts[part]] };
            complete.Add((part, Digest().Sums[part]));
            if (ReplicaMessage.Cut(gathered).Skip(1).Any()) Send();
        }

        if (!gathered.IsEmpty) Send();

        void Send()
        {
            ImmutableArray<LeaderboardDelta> pieces = [.. ReplicaMessage.Cut(gathered)];
            for (var i = 0; i < pieces.Length; i++)
            {
                // Only with the last piece is a part complete.
                messages.Add(ReplicaMessage.OfPiece(_sender, _clock.Next(), pieces[i], i == pieces.Length - 1 ? complete : []));
            }

            gathered = new LeaderboardDelta(_board.Key, [], []);
            complete.Clear();
        }
    }

    private void Hear(ReadOnlySpan<byte> bytes)
    {
        ReplicaMessage message;
        try
        {
            message = ReplicaMessage.Parse(bytes, _board.Key);
        }
        catch (FormatException)
        {
            Interlocked.Increment(ref _refused);
            return;
        }

        if (message.Sender == _sender)
        {
            return;
        }

        // What comes from too far ahead does not move the clock; what it says may be true all the same.
        _clock.TryObserve(message.At);
        lock (_lock)
        {
            if (message.Digest is { } digest) Compare(digest);
            else Take(message);
        }
    }

    private void Compare(LeaderboardDigest theirs)
    {
        var ours = Digest();
        if (ours.IsSame(theirs))
        {
            _sameHeard = _time.GetTimestamp();
            return;
        }

        for (var part = 0; part < _asked.Length; part++)
        {
            _asked[part] |= ours.Sums[part] != theirs.Sums[part] && ours.Sums[part] != 0;
        }
    }

    private void Take(ReplicaMessage message)
    {
        _board.Merge(message.Delta!);
        foreach (var (part, sum) in message.Complete)
        {
            // Somebody else has just said all that would be said here.
            if (_asked[part] && Digest().Sums[part] == sum) _asked[part] = false;
        }
    }

    private LeaderboardDigest Digest()
    {
        if (_digestVersion != _board.Version) (_digest, _digestVersion) = (LeaderboardDigest.Of(_board), _board.Version);
        return _digest;
    }

    private void Tell(byte[] message) => _bus.Publish(TopicOf(_board.Key), message);
}

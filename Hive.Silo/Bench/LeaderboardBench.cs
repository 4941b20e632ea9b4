using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Hive.Gossip;
using Hive.Leaderboards;
using Hive.Randomness;
using Hive.Research;

namespace Hive.Silo.Bench;

/// <summary>How fast leaderboards merge, how soon a finding is heard, and how soon replicas that were cut off from each other agree.</summary>
internal static class LeaderboardBench
{
    private const int Agents = 1_000;
    private const int ClaimsPerDelta = 100;
    private const int Deltas = 1_000;
    private const int Boards = 12;
    private const int Runs = 5;

    /// <summary>How many runs there are before it counts: the compiler's last word comes late.</summary>
    private const int WarmUps = 10;

    private static readonly LeaderboardKey Key = new("bench", new string('0', LeaderboardKey.FingerprintLength), Direction.Minimize);

    public static async Task<string> RunAsync(CancellationToken cancellation)
    {
        var deltas = Draw(new SeededRandom(1));
        var packets = deltas.Select(delta => delta.ToBytes()).ToArray();
        var merged = Rate(Deltas * ClaimsPerDelta, () => MergeAll(deltas, (board, delta) => board.Merge(delta)), cancellation);
        var read = Rate(Deltas * ClaimsPerDelta, () => MergeAll(packets, (board, packet) => board.Merge(packet)), cancellation);
        var whole = Whole(new SeededRandom(2));
        var kept = Rate(Boards * Leaderboard.MaxClaims, () => MergeWhole(whole), cancellation);
        var heard = await MedianAsync(() => HearAsync(cancellation));
        var converged = await MedianAsync(() => ConvergeAsync(deltas, cancellation));
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"entriesPerSecond": {{merged:F0}}, "entriesPerSecondFromBytes": {{read:F0}}, "entriesPerSecondAllKept": {{kept:F0}}, "bytesPerEntry": {{packets.Sum(packet => (long)packet.Length) / (Deltas * ClaimsPerDelta)}}, "agents": {{Agents}}, "entries": {{Deltas * ClaimsPerDelta}}, "findingSeconds": {{heard:F4}}, "listeners": {{Agents}}, "convergenceSeconds": {{converged:F3}}, "replicas": 4, "runs": {{Runs}}}""");
    }

    private static LeaderboardDelta[] Draw(SeededRandom random) =>
    [
        .. Enumerable.Range(0, Deltas).Select(delta => new LeaderboardDelta(
            Key,
            [.. Enumerable.Range(0, ClaimsPerDelta).Select(entry => new JudgedClaim(Claim(random, (delta * ClaimsPerDelta) + entry), ClaimStatus.Claimed))],
            [])),
    ];

    private static Claim Claim(SeededRandom random, int number) => new(
        string.Create(CultureInfo.InvariantCulture, $"worker@silo/{random.NextInt(Agents)}"),
        string.Create(CultureInfo.InvariantCulture, $"run-{number}"),
        random.NextGaussian(),
        """{"init":"kaiming","optimiser":"adamw","schedule":"cosine","layers":2,"width":64,"rate":0.0031,"dropout":0.1}""",
        random.NextBits(),
        HybridTimestamp.Of(1_800_000_000_000 + number, 0));

    private static void MergeAll<T>(IEnumerable<T> deltas, Action<Leaderboard, T> merge)
    {
        var board = new Leaderboard(Key);
        foreach (var delta in deltas) merge(board, delta);
    }

    /// <summary>A full board of as many agents as it has claims.</summary>
    private static LeaderboardDelta Whole(SeededRandom random) => new(
        Key,
        [
            .. Enumerable.Range(0, Leaderboard.MaxClaims).Select(number => new JudgedClaim(
                new Claim(string.Create(CultureInfo.InvariantCulture, $"worker@silo/{number}"), "run-1", random.NextDouble(), "{}", 1, default), ClaimStatus.Claimed)),
        ],
        []);

    /// <summary>Fills empty boards, so that nothing merged is turned away.</summary>
    private static void MergeWhole(LeaderboardDelta whole)
    {
        for (var i = 0; i < Boards; i++) new Leaderboard(Key).Merge(whole);
    }

    /// <summary>Entries a second of processor time, the collector's too, on one thread; the median of the runs.</summary>
    private static double Rate(int entries, Action run, CancellationToken cancellation)
    {
        for (var i = 0; i < WarmUps; i++) run();
        return BenchSilo.Median(Enumerable.Range(0, Runs).Select(_ =>
        {
            cancellation.ThrowIfCancellationRequested();
            var before = Environment.CpuUsage.TotalTime;
            run();
            return entries / (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        }));
    }

    private static async Task<double> MedianAsync(Func<Task<double>> run)
    {
        await run();
        var runs = new List<double>();
        for (var i = 0; i < Runs; i++) runs.Add(await run());
        return BenchSilo.Median(runs);
    }

    /// <summary>Seconds until each of so many agents, every one with checks of its own, has heard one finding.</summary>
    private static async Task<double> HearAsync(CancellationToken cancellation)
    {
        var (bus, reputations) = (new MemoryEventBus(), new ReputationBook(TimeProvider.System));
        var (all, left) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), Agents);
        var listeners = Enumerable.Range(0, Agents).Select(_ => new FindingGossip(Key, bus, reputations, TimeProvider.System, _ =>
        {
            if (Interlocked.Decrement(ref left) == 0) all.SetResult();
        })).ToArray();
        var watch = Stopwatch.StartNew();
        listeners[0].Tell(Claim(new SeededRandom(1), 1));
        await all.Task.WaitAsync(cancellation);
        var seconds = watch.Elapsed.TotalSeconds;
        foreach (var listener in listeners) listener.Dispose();
        return seconds;
    }

    /// <summary>Seconds from when four replicas that know different things can first hear each other until they are equal.</summary>
    private static async Task<double> ConvergeAsync(LeaderboardDelta[] deltas, CancellationToken cancellation)
    {
        var bus = new CutBus(new MemoryEventBus());
        var replicas = Enumerable.Range(0, 4)
            .Select(number => new LeaderboardReplica(Key, bus, new HybridClock(TimeProvider.System), TimeProvider.System, SeededRandom.Mix((ulong)Stopwatch.GetTimestamp(), (ulong)number))).ToArray();
        for (var i = 0; i < 40; i++) replicas[i % replicas.Length].Merge(deltas[i]);
        var whole = new Leaderboard(Key);
        foreach (var delta in deltas.Take(40)) whole.Merge(delta);
        var expected = whole.ToDelta().ToBytes();
        bus.IsCut = false;
        var watch = Stopwatch.StartNew();
        while (!replicas.All(replica => replica.Read(board => board.ToDelta().ToBytes()).AsSpan().SequenceEqual(expected)))
        {
            await Task.Delay(5, cancellation);
        }

        var seconds = watch.Elapsed.TotalSeconds;
        foreach (var replica in replicas) replica.Dispose();
        return seconds;
    }

    /// <summary>A bus that is cut until it is not.</summary>
    private sealed class CutBus(MemoryEventBus bus) : IEventBus
    {
        public volatile bool IsCut = true;

        public bool Publish(string topic, ReadOnlySpan<byte> payload) => !IsCut && bus.Publish(topic, payload);

        public IDisposable Subscribe(string topic, Action<ReadOnlyMemory<byte>> handler) => bus.Subscribe(topic, handler);
    }
}

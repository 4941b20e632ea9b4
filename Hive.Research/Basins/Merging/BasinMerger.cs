using System.Collections.Immutable;
using System.Numerics.Tensors;

namespace Hive.Basins;

/// <summary>How deltas are merged.</summary>
public sealed record MergeOptions
{
    /// <summary>How many become one. The default, the trimmed mean, is always under suspicion: who waits for an attack to be seen has been attacked.</summary>
    public AggregationRule Rule { get; init; } = AggregationRule.TrimmedMean;

    /// <summary>The share of the weight that may be hostile, from 0 to below 1/2.</summary>
    public double HostileShare { get; init; } = 0.25;

    /// <summary>
    /// The greatest length of a delta, and of the step of one merge: so much Fisher–Rao distance in the root mean square of a factor, whatever else is known. A categorical
    /// choice is nowhere wider than π.
    /// </summary>
    public double MaxNormPerFactor { get; init; } = 0.5;

    /// <summary>Whether a delta must rest on claims that replicated.</summary>
    public bool RequireEvidence { get; init; } = true;

    /// <summary>With evidence: the rate of the learning step towards its claims that is as far as a delta leads, above 0 and at most 1.</summary>
    public double EvidenceRate { get; init; } = 0.1;

    /// <summary>Whether outliers are refused; without, only <see cref="MaxNormPerFactor"/> holds.</summary>
    public bool RefuseOutliers { get; init; } = true;
}

/// <summary>A delta with what the hub, and nobody else, knows of its author.</summary>
/// <param name="Delta">The delta.</param>
/// <param name="Capacity">How much its author can do, such as experiments a minute, relative to others; finite, not negative.</param>
/// <param name="Trust">How far its author is trusted, from 0 to 1.</param>
public sealed record WeighedDelta(BasinDelta Delta, double Capacity, double Trust);

/// <summary>A delta that was not taken.</summary>
/// <param name="Address">The delta.</param>
/// <param name="Reason">Why.</param>
/// <param name="Message">Why, for people.</param>
public sealed record RefusedDelta(string Address, RefusalReason Reason, string Message);

/// <summary>What a merge came to.</summary>
/// <param name="Point">The point after it.</param>
/// <param name="Moved">How far it moved, in Fisher–Rao distance.</param>
/// <param name="Accepted">The addresses of the deltas that were taken.</param>
/// <param name="Refused">Those that were not.</param>
/// <param name="Window">The window of accepted lengths after it.</param>
public sealed record MergeReport(BasinPoint Point, double Moved, ImmutableArray<string> Accepted, ImmutableArray<RefusedDelta> Refused, OutlierWindow Window);

/// <summary>
/// Merges deltas into a point: each is carried to the current point, weighed, held against the evidence and against outliers, and the rest aggregated in the tangent space
/// there. The order of the deltas does not matter, bit for bit. Weight = capacity × trust × β-term, shared among an author's deltas, so sending many gains nothing.
/// </summary>
public static class BasinMerger
{
    private const int LeastCrowd = 8;

    /// <summary>Merges deltas.</summary>
    /// <param name="current">The point to move.</param>
    /// <param name="bases">The points that deltas may be based on, by the address of their packets.</param>
    /// <param name="deltas">The deltas.</param>
    /// <param name="evidence">What review says of claims, by claim.</param>
    /// <param name="window">The lengths of those accepted before.</param>
    /// <param name="options">How.</param>
    public static MergeReport Merge(
        BasinPoint current,
        IReadOnlyDictionary<string, BasinPoint> bases,
        IReadOnlyCollection<WeighedDelta> deltas,
        IReadOnlyDictionary<string, DeltaEvidence> evidence,
        OutlierWindow window,
        MergeOptions options)
    {
        var refused = ImmutableArray.CreateBuilder<RefusedDelta>();
        var rows = new List<Row>(deltas.Count);
        var counts = deltas.GroupBy(delta => delta.Delta.Author).ToDictionary(group => group.Key, group => group.Count());
        foreach (var weighed in deltas.OrderBy(delta => delta.Delta.Digest, DigestOrder.Instance))
        {
            var (row, reason, message) = Carry(current, bases, weighed, counts[weighed.Delta.Author], evidence, options);
            if (row is not null) rows.Add(row);
            else refused.Add(new RefusedDelta(weighed.Delta.Address, reason, message));
        }

        if (options.RequireEvidence) OneVoiceAClaim(rows, refused);
        var cap = options.MaxNormPerFactor * Math.Sqrt(current.Factors.Length);
        RefuseLong(rows, refused, options.RefuseOutliers ? window.Threshold(cap) : cap);
        if (rows.Count == 0) return new MergeReport(current, 0, [], refused.ToImmutable(), window);
        var weights = rows.Select(row => row.Weight).ToArray();
        var columns = new SortedColumns([.. rows.Select(row => row.Tangent)], weights);
        if (options.RefuseOutliers) RefuseLonely(rows, ref weights, columns, refused);
        var step = Aggregation.Of(options.Rule, [.. rows.Select(row => row.Tangent)], weights, options.HostileShare, columns);
        current.Project(step);
        var length = TensorPrimitives.Norm<double>(step);
        if (length > cap) TensorPrimitives.Multiply(step, cap / length, step);
        var end = current.Exp(step);
        return new MergeReport(
            end,
            current.Distance(end),
            [.. rows.Select(row => row.Delta.Address)],
            refused.ToImmutable(),
            window.With(rows.Select(row => row.Norm)));
    }

    private static (Row? Row, RefusalReason Reason, string Message) Carry(
        BasinPoint current,
        IReadOnlyDictionary<string, BasinPoint> bases,
        WeighedDelta weighed,
        int ofAuthor,
        IReadOnlyDictionary<string, DeltaEvidence> evidence,
        MergeOptions options)
    {
        var delta = weighed.Delta;
        if (!bases.TryGetValue(delta.Base, out var at)) return (null, RefusalReason.UnknownBase, $"its base {delta.Base[..12]} is not among the recent packets; learn from the current one");
        var weight = weighed.Capacity * weighed.Trust * Temperature.Term(delta.Experiments) / ofAuthor;
        if (!(weight > 0 && double.IsFinite(weight))) return (null, RefusalReason.NoWeight, "its author has no capacity or no trust here");
        string? mistake = null;
        var tangent = options.RequireEvidence ? EvidenceGate.Explained(delta, at, evidence, options.EvidenceRate, out mistake) : delta.Tangent.ToArray();
        if (mistake is not null) return (null, RefusalReason.NoEvidence, mistake);
        at.Project(tangent);
        if (!ReferenceEquals(at, current)) at.Transport(current, tangent);
        return (new Row(delta, tangent, weight, TensorPrimitives.Norm<double>(tangent)), default, "");
    }

    /// <summary>
    /// Of deltas that rest on the same claims the one that leads farthest speaks, with the greatest of their weights, and a claim's weight is shared among those that name it
    /// beside others: repeating what is known adds nothing to it.
    /// </summary>
    private static void OneVoiceAClaim(List<Row> rows, ImmutableArray<RefusedDelta>.Builder refused)
    {
        var voices = new List<Row>(rows.Count);
        foreach (var group in rows.GroupBy(row => string.Join(' ', row.Delta.Claims.Order(StringComparer.Ordinal))))
        {
            var voice = group.MaxBy(row => row.Norm)!;
            voices.Add(voice with { Weight = group.Max(row => row.Weight) });
            refused.AddRange(group.Where(row => row != voice).Select(row => new RefusedDelta(row.Delta.Address, RefusalReason.NoEvidence, "another delta speaks for its claims, and leads farther")));
        }

        var named = voices.SelectMany(row => row.Delta.Claims.Distinct()).GroupBy(claim => claim).ToDictionary(group => group.Key, group => group.Count());
        rows.Clear();
        rows.AddRange(voices.Select(row => row with { Weight = row.Weight / row.Delta.Claims.Max(claim => named[claim]) }).OrderBy(row => row.Delta.Digest, DigestOrder.Instance));
    }

    private static void RefuseLong(List<Row> rows, ImmutableArray<RefusedDelta>.Builder refused, double threshold)
    {
        foreach (var row in rows.Where(row => row.Norm > threshold))
        {
            refused.Add(new RefusedDelta(row.Delta.Address, RefusalReason.Outlier, $"it leads {row.Norm:F3} away; at most {threshold:F3} is taken"));
        }

        rows.RemoveAll(row => row.Norm > threshold);
    }

    /// <summary>Within a crowd, a delta that ends farther from the crowd's median than median + 3·MAD of all such distances is refused too: a length alone has no direction.</summary>
    private static void RefuseLonely(List<Row> rows, ref double[] weights, SortedColumns columns, ImmutableArray<RefusedDelta>.Builder refused)
    {
        if (rows.Count < LeastCrowd) return;
        var center = columns.Of(Weighted.MedianOfSorted);
        var distances = rows.Select(row => TensorPrimitives.Distance<double>(row.Tangent, center)).ToArray();
        var (median, deviation) = Weighted.Spread(distances, weights);
        var threshold = OutlierWindow.Threshold(median, deviation);
        var stays = distances.Select(distance => distance <= threshold).ToArray();
        for (var i = 0; i < stays.Length; i++)
        {
            if (!stays[i]) refused.Add(new RefusedDelta(rows[i].Delta.Address, RefusalReason.Outlier, $"it ends {distances[i]:F3} from the median of {stays.Length} deltas; at most {threshold:F3} is taken"));
        }

        columns.Leave(stays);
        var kept = rows.Where((_, i) => stays[i]).ToList();
        rows.Clear();
        rows.AddRange(kept);
        weights = [.. kept.Select(row => row.Weight)];
    }

    private sealed record Row(BasinDelta Delta, double[] Tangent, double Weight, double Norm);

    private sealed class DigestOrder : IComparer<byte[]>
    {
        public static readonly DigestOrder Instance = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}

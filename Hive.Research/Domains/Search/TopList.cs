namespace Hive.Research.Search;

/// <summary>A document, or a term of feedback, and how well it fits.</summary>
/// <param name="Item">Its number.</param>
/// <param name="Score">Higher is better.</param>
internal readonly record struct Scored(int Item, double Score);

/// <summary>
/// The best of many documents or terms, at most so many. Scores are compared in single precision and ties go to the lower number, so a last bit in which two machines' logarithms
/// differ does not change an order.
/// </summary>
/// <param name="capacity">How many are kept.</param>
internal sealed class TopList(int capacity)
{
    private readonly Scored[] _entries = new Scored[capacity];

    /// <summary>How many are kept now.</summary>
    public int Count { get; private set; }

    /// <summary>Those kept; best first once sorted.</summary>
    public Span<Scored> Entries => _entries.AsSpan(0, Count);

    /// <summary>Forgets all.</summary>
    public void Clear() => Count = 0;

    /// <summary>Keeps an item if it is among the best.</summary>
    /// <param name="item">Its number.</param>
    /// <param name="score">Higher is better.</param>
    public void Offer(int item, double score)
    {
        var entry = new Scored(item, score);
        if (Count < capacity)
        {
            _entries[Count++] = entry;
            Rise(Count - 1);
        }
        else if (Compare(entry, _entries[0]) < 0)
        {
            _entries[0] = entry;
            Sink();
        }
    }

    /// <summary>Puts the best first.</summary>
    public void Sort() => Entries.Sort(Compare);

    private static int Compare(Scored one, Scored other)
    {
        var byScore = ((float)other.Score).CompareTo((float)one.Score);
        return byScore != 0 ? byScore : one.Item.CompareTo(other.Item);
    }

    /// <summary>The worst stands at the root of a binary heap.</summary>
    private void Rise(int at)
    {
        while (at > 0 && Compare(_entries[at], _entries[(at - 1) / 2]) > 0)
        {
            (_entries[at], _entries[(at - 1) / 2]) = (_entries[(at - 1) / 2], _entries[at]);
            at = (at - 1) / 2;
        }
    }

    private void Sink()
    {
        var at = 0;
        while ((2 * at) + 1 < Count)
        {
            var child = (2 * at) + 1;
            if (child + 1 < Count && Compare(_entries[child + 1], _entries[child]) > 0) child++;
            if (Compare(_entries[child], _entries[at]) <= 0) return;
            (_entries[at], _entries[child]) = (_entries[child], _entries[at]);
            at = child;
        }
    }
}

using Hive.Agents;
using Hive.Brains;

namespace Hive.Cognition;

/// <summary>One brain on one silo, and which of its places are taken by the goal.</summary>
internal sealed class BrainPlace(string silo, string siloTier, BrainOffer offer)
{
    private const double LongestBreak = 60;

    /// <summary>The place that was free the longest is taken next, so that calls that follow each other come from different agents.</summary>
    private readonly Queue<int> _free = new(Enumerable.Range(0, offer.MaxConcurrency));

    private long _brokenAt;
    private int _breaks;

    public string Silo { get; } = silo;

    public BrainOffer Offer { get; } = offer;

    /// <summary>Whether it was announced when the registry was last looked at, and is not left alone.</summary>
    public bool IsHere { get; set; } = true;

    public int Taken => Offer.MaxConcurrency - _free.Count;

    public bool HasRoom => IsHere && _free.Count > 0;

    /// <summary>How much of it is taken, 0 to 1.</summary>
    public double Load => (double)Taken / Offer.MaxConcurrency;

    public BrainSlot Take(string role)
    {
        var place = _free.Dequeue();
        return new BrainSlot(this, place, new AgentKey(siloTier, Silo, $"{Offer.Name}-{role}-{place}").ToString());
    }

    public void Free(int place) => _free.Enqueue(place);

    /// <summary>Its silo carried a call.</summary>
    public void Mend() => _breaks = 0;

    /// <summary>Its silo could not carry a call, as when it is lost: it is left alone for a while, the longer the oftener in a row that was so.</summary>
    public void Break(TimeProvider time)
    {
        if (!IsLeftAlone(time))
        {
            (_brokenAt, _breaks) = (time.GetTimestamp(), _breaks + 1);
        }

        IsHere = false;
    }

    public bool IsLeftAlone(TimeProvider time) => _breaks > 0 && time.GetElapsedTime(_brokenAt).TotalSeconds < Math.Min(Math.Pow(2, _breaks), LongestBreak);
}

/// <summary>A place at a brain for one call.</summary>
/// <param name="Place">The brain.</param>
/// <param name="Number">Which of its places.</param>
/// <param name="Agent">The key of the agent that makes the call.</param>
internal sealed record BrainSlot(BrainPlace Place, int Number, string Agent);

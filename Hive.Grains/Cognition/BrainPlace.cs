using Hive.Agents;
using Hive.Brains;

namespace Hive.Cognition;

/// <summary>One brain on one silo, and which of its places are taken by the goal.</summary>
internal sealed class BrainPlace(string silo, string siloTier, BrainOffer offer)
{
    /// <summary>The place that was free the longest is taken next, so that calls that follow each other come from different agents.</summary>
    private readonly Queue<int> _free = new(Enumerable.Range(0, offer.MaxConcurrency));

    public string Silo { get; } = silo;

    public BrainOffer Offer { get; } = offer;

    /// <summary>Whether it was announced when the registry was last looked at.</summary>
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
}

/// <summary>A place at a brain for one call.</summary>
/// <param name="Place">The brain.</param>
/// <param name="Number">Which of its places.</param>
/// <param name="Agent">The key of the agent that makes the call.</param>
internal sealed record BrainSlot(BrainPlace Place, int Number, string Agent);

using Hive.Agents;
using Hive.Brains;
using Hive.Cognition.Calls;
using Hive.Goals;
using Hive.Silos;

namespace Hive.Cognition;

/// <summary>The brains that are here, as their silos announce them, and the goal's places at them. Calls wait in the order in which they came. It belongs to one goal's grain.</summary>
internal sealed class BrainDirectory(GoalSpec spec, IGrainFactory grains, TimeProvider time, Action<string?> tellWaiting)
{
    /// <summary>How the failure of a call begins that its silo did not bring back.</summary>
    public const string BrokeOff = "broke off: ";

    /// <summary>How often the registry is looked at.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(string Silo, string Brain), BrainPlace> _places = [];
    private readonly LinkedList<Waiter> _waiters = [];
    private readonly IReadOnlyList<string> _tiers = spec.Tiers.IsEmpty ? Tiers.All : [.. Tiers.All.Where(spec.Tiers.Contains)];
    private long? _lookedAt;
    private int _taken;
    private bool _isWatching;

    /// <summary>The tiers of which a brain is here, the cheapest first.</summary>
    public IReadOnlyList<string> Here { get; private set; } = [];

    /// <summary>The tier to ask where one is wanted: itself, else the next above it, else the one below; absent where no brain is here.</summary>
    public string? Resolve(string? wanted)
    {
        var here = Here;
        var from = wanted is null ? 0 : Rank(wanted);
        return here.FirstOrDefault(tier => Rank(tier) >= from) ?? (here.Count > 0 ? here[^1] : null);
    }

    /// <summary>The next tier above one; absent where there is none.</summary>
    public string? Above(string tier) => Here.FirstOrDefault(higher => Rank(higher) > Rank(tier));

    /// <summary>The most expensive tier that is here.</summary>
    public string? Top => Here is { Count: > 0 } here ? here[^1] : null;

    /// <summary>Looks at who is here, unless that was done a moment ago.</summary>
    public async Task LookAsync()
    {
        if (_lookedAt is { } at && time.GetElapsedTime(at) < LookEvery)
        {
            return;
        }

        _lookedAt = time.GetTimestamp();
        try
        {
            Observe(await grains.GetGrain<IRegistryGrain>(IRegistryGrain.Key).ListAsync());
        }
        catch (Exception)
        {
            // A registry that does not answer says nothing of who is gone; it is asked again soon.
        }
    }

    /// <summary>Waits until a brain is here at all.</summary>
    /// <param name="stop">Stops waiting.</param>
    public async Task WaitForAnyAsync(CancellationToken stop)
    {
        await LookAsync();
        while (!TellWhoIsHere())
        {
            await Task.Delay(LookEvery, time, stop);
            await LookAsync();
        }
    }

    /// <summary>Takes a place at a brain of a tier, and waits for one where all are taken.</summary>
    /// <param name="tier">The tier; where no brain of it is here, <see cref="Resolve"/> says which.</param>
    /// <param name="role">What the agent is for: agents of one role never act in another.</param>
    /// <param name="avoid">Models that are taken only where no other is free.</param>
    /// <param name="stop">Stops waiting.</param>
    public async ValueTask<BrainSlot> TakeAsync(string tier, string role, IReadOnlyCollection<string> avoid, CancellationToken stop)
    {
        await LookAsync();
        if (_waiters.Count == 0 && TryTake(tier, role, avoid) is { } free)
        {
            return free;
        }

        var waiter = new Waiter(tier, role, avoid);
        _waiters.AddLast(waiter);
        Serve();
        if (!_isWatching)
        {
            _ = WatchAsync();
        }

        await using var cancelled = stop.Register(() => waiter.Slot.TrySetCanceled(stop));
        return await waiter.Slot.Task;
    }

    /// <summary>Takes a place at once, or none.</summary>
    /// <inheritdoc cref="TakeAsync"/>
    public BrainSlot? TryTake(string tier, string role, IReadOnlyCollection<string> avoid, BrainPlace? not = null)
    {
        if (_taken >= spec.Agents || Resolve(tier) is not { } wanted)
        {
            return null;
        }

        BrainPlace? best = null;
        foreach (var place in _places.Values)
        {
            if (place.HasRoom && place != not && place.Offer.Tier == wanted && (best is null || IsBetter(place, best, avoid)))
            {
                best = place;
            }
        }

        if (best is null)
        {
            return null;
        }

        _taken++;
        return best.Take(role);
    }

    /// <summary>What a call costs at most at the brains that are asked where a tier is wanted.</summary>
    public decimal MostMoney(string tier, long tokensIn, long tokensOut)
    {
        var (most, asked) = (0m, Resolve(tier));
        foreach (var place in _places.Values)
        {
            if (place.IsHere && place.Offer.Tier == asked)
            {
                most = Math.Max(most, CallBound.Money(tokensIn, tokensOut, place.Offer.PricePerMillionIn, place.Offer.PricePerMillionOut));
            }
        }

        return most;
    }

    /// <summary>Gives a place back.</summary>
    public void Free(BrainSlot slot)
    {
        _taken--;
        slot.Place.Free(slot.Number);
        Serve();
    }

    /// <summary>A brain's silo could not carry a call: others are asked for a while.</summary>
    private void Break(BrainPlace place)
    {
        place.Break(time);
        CountTiers();
    }

    /// <summary>Has a place's agent make a call. Whatever breaks on the way, the call comes back with what is known of it: a call never ends without being settled.</summary>
    /// <param name="call">The call.</param>
    /// <param name="slot">The place.</param>
    /// <param name="stop">The answer is not wanted any more.</param>
    public async Task<BrainReply> CarryAsync(BrainCall call, BrainSlot slot, CancellationToken stop)
    {
        try
        {
            var reply = await grains.GetGrain<IAgentGrain>(slot.Agent).ThinkAsync(call, stop);
            slot.Place.Mend();
            return reply;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new BrainReply { Failure = CallSettled.NotWanted, MayHaveBeenPaid = true };
        }
        catch (Exception e)
        {
            // The brain may have answered all the same.
            Break(slot.Place);
            return new BrainReply { Failure = $"{BrokeOff}the call by silo {slot.Place.Silo}: {e.Message}", MayHaveBeenPaid = true };
        }
    }

    private static int Rank(string tier) => tier switch { Tiers.Edge => 0, Tiers.Worker => 1, _ => 2 };

    private static bool IsBetter(BrainPlace place, BrainPlace than, IReadOnlyCollection<string> avoid)
    {
        var (one, other) = (avoid.Contains(place.Offer.Model), avoid.Contains(than.Offer.Model));
        return one == other ? place.Load < than.Load : other;
    }

    /// <summary>Gives whoever waits longest what is free, tier by tier.</summary>
    private void Serve()
    {
        var full = new HashSet<string>(StringComparer.Ordinal);
        for (var node = _waiters.First; node is not null && _taken < spec.Agents;)
        {
            var (next, waiter) = (node.Next, node.Value);
            if (waiter.Slot.Task.IsCompleted)
            {
                _waiters.Remove(node);
            }
            else if (!full.Contains(waiter.Tier))
            {
                if (TryTake(waiter.Tier, waiter.Role, waiter.Avoid) is not { } slot)
                {
                    full.Add(waiter.Tier);
                }
                else
                {
                    _waiters.Remove(node);
                    if (!waiter.Slot.TrySetResult(slot))
                    {
                        _taken--;
                        slot.Place.Free(slot.Number);
                    }
                }
            }

            node = next;
        }
    }

    /// <summary>Looks who is here while anybody waits: brains come and go without anybody leaving a place.</summary>
    private async Task WatchAsync()
    {
        _isWatching = true;
        while (IsAwaited())
        {
            await Task.Delay(LookEvery, time);
            await LookAsync();
            if (IsAwaited())
            {
                TellWhoIsHere();
                Serve();
            }
        }

        _isWatching = false;
    }

    /// <summary>Whether anybody still waits for a place.</summary>
    private bool IsAwaited()
    {
        for (var node = _waiters.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.Slot.Task.IsCompleted)
            {
                _waiters.Remove(node);
            }

            node = next;
        }

        return _waiters.Count > 0;
    }

    private bool TellWhoIsHere()
    {
        var isHere = Here.Count > 0;
        tellWaiting(isHere ? null : _tiers.Count == Tiers.All.Count ? "no brain is here" : $"no brain of tier {string.Join(" or ", _tiers)} is here");
        return isHere;
    }

    private void Observe(SiloAnnouncement[] silos)
    {
        foreach (var place in _places.Values)
        {
            place.IsHere = false;
        }

        foreach (var silo in silos)
        {
            foreach (var offer in silo.Brains)
            {
                if (_places.TryGetValue((silo.Name, offer.Name), out var known) && known.Offer == offer)
                {
                    known.IsHere = !known.IsLeftAlone(time);
                }
                else
                {
                    _places[(silo.Name, offer.Name)] = new BrainPlace(silo.Name, silo.Tier, offer);
                }
            }
        }

        foreach (var (key, _) in _places.Where(known => known.Value is { IsHere: false, Taken: 0 }).ToArray())
        {
            _places.Remove(key);
        }

        CountTiers();
    }

    private void CountTiers() => Here = [.. _tiers.Where(tier => _places.Values.Any(place => place.IsHere && place.Offer.Tier == tier))];

    private sealed record Waiter(string Tier, string Role, IReadOnlyCollection<string> Avoid)
    {
        public TaskCompletionSource<BrainSlot> Slot { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

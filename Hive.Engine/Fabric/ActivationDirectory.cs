using Orleans.Runtime;

namespace Hive.Engine;

/// <summary>Every live activation of the process by its grain: at most one each. Striped, so that lookups on several threads seldom meet.</summary>
internal sealed class ActivationDirectory
{
    private const int StripeCount = 64;
    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, StripeCount).Select(_ => new Stripe())];

    internal Activation? Find(GrainId grainId) => StripeOf(grainId).Find(grainId);

    /// <summary>The grain's activation, or the one that <paramref name="create"/> makes; the latter runs alone for this grain and may give null.</summary>
    internal Activation? FindOrAdd<TArgument>(GrainId grainId, TArgument argument, Func<GrainId, TArgument, Activation?> create) =>
        StripeOf(grainId).FindOrAdd(grainId, argument, create);

    internal void Remove(Activation activation) => StripeOf(activation.GrainId).Remove(activation);

    internal List<Activation> Where(Func<Activation, bool> predicate)
    {
        var found = new List<Activation>();
        foreach (var stripe in _stripes) stripe.Collect(predicate, found);
        return found;
    }

    // The low bits of the hash choose the stripe, higher ones the bucket.
    private Stripe StripeOf(GrainId grainId) => _stripes[(uint)grainId.GetHashCode() % StripeCount];

    private sealed class Stripe
    {
        private readonly Lock _lock = new();
        private Activation?[] _buckets = new Activation?[16];
        private int _count;

        public Activation? Find(GrainId grainId)
        {
            lock (_lock) return FindLocked(grainId);
        }

        public Activation? FindOrAdd<TArgument>(GrainId grainId, TArgument argument, Func<GrainId, TArgument, Activation?> create)
        {
            lock (_lock)
            {
                if (FindLocked(grainId) is { } existing) return existing;
                var created = create(grainId, argument);
                if (created is not null) AddLocked(created);
                return created;
            }
        }

        public void Remove(Activation activation)
        {
            lock (_lock)
            {
                ref var link = ref _buckets[Bucket(activation.GrainId)];
                Activation? previous = null;
                for (var candidate = link; candidate is not null; previous = candidate, candidate = candidate.NextInBucket)
                {
                    if (!ReferenceEquals(candidate, activation)) continue;
                    if (previous is null) link = candidate.NextInBucket;
                    else previous.NextInBucket = candidate.NextInBucket;
                    candidate.NextInBucket = null;
                    _count--;
                    return;
                }
            }
        }

        public void Collect(Func<Activation, bool> predicate, List<Activation> found)
        {
            lock (_lock)
            {
                foreach (var first in _buckets)
                {
                    for (var activation = first; activation is not null; activation = activation.NextInBucket)
                    {
                        if (predicate(activation)) found.Add(activation);
                    }
                }
            }
        }

        private Activation? FindLocked(GrainId grainId)
        {
            var activation = _buckets[Bucket(grainId)];
            while (activation is not null && !activation.GrainId.Equals(grainId)) activation = activation.NextInBucket;
            return activation;
        }

        private void AddLocked(Activation activation)
        {
            if (_count >= _buckets.Length) Grow();
            ref var link = ref _buckets[Bucket(activation.GrainId)];
            activation.NextInBucket = link;
            link = activation;
            _count++;
        }

        private void Grow()
        {
            var old = _buckets;
            _buckets = new Activation?[old.Length * 2];
            foreach (var first in old)
            {
                for (var activation = first; activation is not null;)
                {
                    var next = activation.NextInBucket;
                    ref var link = ref _buckets[Bucket(activation.GrainId)];
                    activation.NextInBucket = link;
                    link = activation;
                    activation = next;
                }
            }
        }

        private int Bucket(GrainId grainId) => (int)((uint)grainId.GetHashCode() / StripeCount % (uint)_buckets.Length);
    }
}

using Hive.Basins;
using Hive.Randomness;
using Hive.Research;

namespace Hive.Swarm;

/// <summary>
/// The simulation of agents that lie, always labelled as one: they run nothing, agree on one configuration drawn from the campaign's seed, and tell of it and its neighbours
/// values that are too good. Their deltas pull the canonical basin there. They do not lie as reviewers.
/// </summary>
/// <param name="spec">What decides the campaign.</param>
/// <param name="domain">The field.</param>
internal sealed class Hostility(CampaignSpec spec, IResearchDomain domain)
{
    private BasinPoint? _pull;

    /// <summary>Where the hostile agents want everybody to go.</summary>
    public Configuration Target { get; } = domain.Space.Sample(new SeededRandom(SeededRandom.Mix(spec.Seed, 0xBAD)));

    /// <summary>Where their deltas lead: to a basin that knows nothing but the target.</summary>
    public BasinPoint Pull => _pull ??= BasinLearning.Learnt(BasinPoint.Even(new BasinSpace(domain.Space)), [new Success(Target, 1)], 0.9);

    /// <summary>An experiment that was never run.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="agent">Whose.</param>
    /// <param name="seed">The seed that it is said to have run with.</param>
    /// <param name="best">The best believed: what is told is far better, whatever is found before anybody hears of it.</param>
    /// <param name="baseline">What the baseline gives; not a number where nothing is known.</param>
    public Experiment Lie(int number, int agent, ulong seed, Known? best, double baseline)
    {
        var random = new SeededRandom(SeededRandom.Mix(seed, 2));
        var technique = random.NextInt(domain.Space.Techniques.Length);
        var told = Target.With(technique, domain.Space.Sample(technique, random));
        var truth = best?.Value ?? 0;
        var gain = Math.Max(1e-3, Math.Abs(truth)) + (double.IsFinite(baseline) ? Math.Abs(truth - baseline) : 0);
        return new Experiment(number, agent, new Hypothesis(told, HypothesisSource.Leaderboard), seed, isSimulatedLie: true)
        {
            Value = domain.Direction == Direction.Maximize ? truth + gain : truth - gain,
        };
    }
}

using Hive.Randomness;
using Hive.Research;
using Hive.Statistics;

namespace Hive.Swarm;

/// <summary>
/// Thinks of an agent's next experiment, from what the agent has seen and from its basin. Ideas come from the best results (a few techniques changed), from crossing good
/// ones, from the basin and from chance; a forest fitted to the results seen picks the one with the greatest expected improvement. The same code serves an agent that
/// sees its own results alone and one that sees the swarm's.
/// </summary>
/// <param name="space">The techniques.</param>
/// <param name="direction">Which way is better.</param>
internal sealed class Hypothesizer(TechniqueSpace space, Direction direction)
{
    /// <summary>Results below this number tell a forest nothing; until then agents draw from the basin.</summary>
    private const int LeastResults = 4;

    /// <summary>The share of experiments that trusts no model.</summary>
    private const double Curiosity = 0.08;

    private const int LocalIdeas = 96;
    private const int CrossedIdeas = 32;
    private const int BasinIdeas = 48;
    private const int FreeIdeas = 48;
    private const int MostResults = 600;
    private const int MostDraws = 64;
    private const int MostElite = 12;

    private readonly Ideas _ideas = new(space);

    /// <summary>The next hypothesis: one that was not tried yet and is not under way, as long as such are found.</summary>
    /// <param name="knowledge">What the agent knows.</param>
    /// <param name="underWay">What is being tried, as far as it knows.</param>
    /// <param name="random">Belongs to this experiment alone.</param>
    public Hypothesis Next(Knowledge knowledge, IReadOnlyCollection<Configuration> underWay, SeededRandom random)
    {
        var prior = knowledge.Prior;
        var taken = new HashSet<Configuration>(knowledge.Tried);
        taken.UnionWith(underWay);
        if (prior.Mode is { } mode && !taken.Contains(mode)) return new Hypothesis(mode, HypothesisSource.Basin);
        if (knowledge.Results.Count < LeastResults || random.NextChance(Curiosity)) return Blind(taken, prior, random);
        var known = Ranked(knowledge.Results);
        var ideas = Gather(known, prior, taken, random);
        return ideas.Count == 0 ? Blind(taken, prior, random) : Pick(ideas, known, underWay, prior, random);
    }

    private Hypothesis Blind(HashSet<Configuration> taken, SamplingPrior prior, SeededRandom random)
    {
        for (var i = 0; ; i++)
        {
            var fromBasin = random.NextChance(0.75);
            var drawn = fromBasin ? prior.Sample(random) : space.Sample(random);
            if (i == MostDraws || !taken.Contains(drawn)) return new Hypothesis(drawn, fromBasin ? HypothesisSource.Basin : HypothesisSource.Exploration);
        }
    }

    /// <summary>The best results and the latest, as normal scores of their ranks: a scale on which one diverged training cannot hide the differences between good ones.</summary>
    private Scored[] Ranked(IReadOnlyList<Known> results)
    {
        var sign = direction == Direction.Minimize ? 1.0 : -1.0;
        var order = Enumerable.Range(0, results.Count)
            .OrderBy(i => double.IsFinite(results[i].Value) ? sign * results[i].Value : double.PositiveInfinity)
            .ThenBy(i => i)
            .ToArray();
        var scored = new Scored[order.Length];
        for (var from = 0; from < order.Length;)
        {
            var to = from + 1;
            while (to < order.Length && SameValue(results[order[from]].Value, results[order[to]].Value)) to++;
            var score = NormalDistribution.Quantile((((from + to - 1) / 2.0) + 0.625) / (order.Length + 0.25));
            for (; from < to; from++) scored[from] = new Scored(results[order[from]].Configuration, score, order[from]);
        }

        if (scored.Length <= MostResults) return scored;
        return [.. scored.Take(MostResults / 2), .. scored.Skip(MostResults / 2).OrderByDescending(one => one.Order).Take(MostResults / 2).OrderBy(one => one.Score)];
    }

    private static bool SameValue(double a, double b) => a == b || (!double.IsFinite(a) && !double.IsFinite(b));

    private List<Hypothesis> Gather(Scored[] known, SamplingPrior prior, HashSet<Configuration> taken, SeededRandom random)
    {
        var elite = known[..Math.Clamp(known.Length / 8, Math.Min(2, known.Length), MostElite)].Select(one => one.Configuration).ToArray();
        var ideas = new List<Hypothesis>(LocalIdeas + CrossedIdeas + BasinIdeas + FreeIdeas);
        var seen = new HashSet<Configuration>(taken);
        void Add(Configuration configuration, HypothesisSource source)
        {
            if (seen.Add(configuration)) ideas.Add(new Hypothesis(configuration, source));
        }

        for (var i = 0; i < LocalIdeas; i++) Add(_ideas.Change(elite, random), HypothesisSource.Leaderboard);
        for (var i = 0; i < CrossedIdeas; i++) Add(_ideas.Cross(elite, random), HypothesisSource.Peers);
        for (var i = 0; i < BasinIdeas; i++) Add(prior.Sample(random), HypothesisSource.Basin);
        for (var i = 0; i < FreeIdeas; i++) Add(space.Sample(random), HypothesisSource.Exploration);
        return ideas;
    }

    /// <summary>The idea with the greatest expected improvement. What is under way counts as an average result, so that agents that think at once think of different things.</summary>
    private Hypothesis Pick(List<Hypothesis> ideas, Scored[] known, IReadOnlyCollection<Configuration> underWay, SamplingPrior prior, SeededRandom random)
    {
        var rows = known.Select(one => Coordinates(one.Configuration)).ToList();
        var values = known.Select(one => one.Score).ToList();
        foreach (var configuration in underWay)
        {
            rows.Add(Coordinates(configuration));
            values.Add(0);
        }

        var forest = RegressionForest.Fit(space, [.. rows], [.. values], random);
        var best = known[0].Score;
        var (picked, greatest) = (ideas[0], double.NegativeInfinity);
        foreach (var idea in ideas)
        {
            var (mean, variance) = forest.Predict(Coordinates(idea.Configuration));
            var gain = ExpectedImprovement.LogOf(best - mean, Math.Sqrt(variance)) + prior.LogWeight(idea.Configuration, known.Length);
            if (gain > greatest) (picked, greatest) = (idea, gain);
        }

        return picked;
    }

    private double[] Coordinates(Configuration configuration)
    {
        var row = new double[space.Techniques.Length];
        for (var i = 0; i < row.Length; i++) row[i] = space.ToCoordinate(i, configuration[i]);
        return row;
    }

    /// <summary>A result by its rank: the lower the score, the better.</summary>
    private readonly record struct Scored(Configuration Configuration, double Score, int Order);
}

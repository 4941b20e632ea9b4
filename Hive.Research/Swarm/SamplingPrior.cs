using Hive.Basins;
using Hive.Randomness;
using Hive.Research;

namespace Hive.Swarm;

/// <summary>The basin that an agent samples from, and what it says of a configuration. Immutable; learning makes another.</summary>
internal sealed class SamplingPrior
{
    /// <summary>How strongly a basin that was given steers the choice of ideas: as much as so many results do.</summary>
    private const double GivenWeight = 10;

    private readonly BasinSampler _sampler;
    private readonly bool _isGiven;

    private SamplingPrior(BasinPoint point, long experiments, bool isGiven)
    {
        (Point, Experiments, _isGiven) = (point, experiments, isGiven);
        _sampler = new BasinSampler(point, Temperature.Beta(experiments));
    }

    /// <summary>What is believed of each technique.</summary>
    public BasinPoint Point { get; }

    /// <summary>How many experiments are behind it.</summary>
    public long Experiments { get; }

    /// <summary>The likeliest configuration of a basin that was given with experience; null where there is none, and nothing to hold to.</summary>
    public Configuration? Mode => _isGiven ? ModeOf(Point) : null;

    /// <summary>Knowing nothing.</summary>
    public static SamplingPrior Even(BasinSpace space) => new(BasinPoint.Even(space), 0, isGiven: false);

    /// <summary>A basin that was given.</summary>
    /// <param name="point">What it believes.</param>
    /// <param name="experiments">How many experiments are behind it.</param>
    public static SamplingPrior Given(BasinPoint point, long experiments) => new(point, experiments, isGiven: experiments > 0);

    /// <summary>Draws a configuration from p^β.</summary>
    public Configuration Sample(SeededRandom random) => _sampler.Sample(random);

    /// <summary>After one more experiment that taught nothing.</summary>
    public SamplingPrior Seen() => new(Point, Experiments + 1, _isGiven);

    /// <summary>After one more experiment that worked.</summary>
    /// <param name="configuration">What worked.</param>
    /// <param name="rate">How far to move towards it.</param>
    public SamplingPrior Learn(Configuration configuration, double rate) => new(BasinLearning.Learnt(Point, [new Success(configuration, 1)], rate), Experiments + 1, _isGiven);

    /// <summary>What a given basin adds to the logarithm of an idea's expected improvement: its word weighs less the more results are known (Hvarfner et al., πBO, 2022).</summary>
    /// <param name="configuration">The idea.</param>
    /// <param name="results">How many results are known.</param>
    public double LogWeight(Configuration configuration, int results) => _isGiven ? GivenWeight / (GivenWeight + results) * LogDensity(configuration) : 0;

    /// <summary>The likeliest configuration of a basin.</summary>
    public static Configuration ModeOf(BasinPoint point)
    {
        var techniques = point.Space.Techniques;
        return new Configuration([.. Enumerable.Range(0, techniques.Techniques.Length).Select(i => point.Factors[i] switch
        {
            SimplexFactor simplex => Likeliest(simplex),
            GaussianFactor gaussian => techniques.FromCoordinate(i, gaussian.Center),
            _ => 0,
        })]);
    }

    private static double Likeliest(SimplexFactor simplex)
    {
        var best = 0;
        for (var way = 1; way < simplex.Probabilities.Length; way++)
        {
            if (simplex.Probabilities[way] > simplex.Probabilities[best]) best = way;
        }

        return best;
    }

    private double LogDensity(Configuration configuration)
    {
        var sum = 0.0;
        for (var i = 0; i < configuration.Values.Length; i++)
        {
            if (Point.Factors[i] is SimplexFactor simplex)
            {
                sum += Math.Log(Math.Max(simplex.Probabilities[(int)configuration[i]], SimplexFactor.Floor));
            }
            else if (Point.Factors[i] is GaussianFactor gaussian)
            {
                var away = (Point.Space.Techniques.ToCoordinate(i, configuration[i]) - gaussian.Center) / gaussian.Deviation;
                sum -= 0.5 * away * away;
            }
        }

        return sum;
    }
}

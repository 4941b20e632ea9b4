using System.Collections.Immutable;
using Hive.Randomness;
using Hive.Research;

namespace Hive.Basins;

/// <summary>
/// Draws configurations from a basin at a temperature: each factor's p^β (a Gaussian's σ becomes σ/√β). An association shifts its second choice by r·s standard deviations,
/// where s is the standard score of what was drawn for the first; means and correlations then are those of the basin, except where a probability or a bound cuts them off.
/// </summary>
public sealed class BasinSampler
{
    private const int MaxRedraws = 16;

    private readonly TechniqueSpace _techniques;
    private readonly double[]?[] _probabilities;
    private readonly (double Center, double Deviation)[] _gaussians;
    private readonly (Association Association, double Correlation)?[] _leads;

    /// <summary>A sampler of a point.</summary>
    /// <param name="point">The point.</param>
    /// <param name="beta">The inverse temperature, above 0; see <see cref="Temperature.Beta"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">β is not above 0.</exception>
    public BasinSampler(BasinPoint point, double beta)
    {
        if (!(beta > 0 && double.IsFinite(beta))) throw new ArgumentOutOfRangeException(nameof(beta), beta, "an inverse temperature is above 0");
        _techniques = point.Space.Techniques;
        var count = _techniques.Techniques.Length;
        (_probabilities, _gaussians, _leads) = (new double[count][], new (double, double)[count], new (Association, double)?[count]);
        for (var i = 0; i < count; i++)
        {
            if (point.Factors[i] is SimplexFactor simplex) _probabilities[i] = simplex.Tempered(beta);
            else if (point.Factors[i] is GaussianFactor gaussian) _gaussians[i] = (gaussian.Center, gaussian.Deviation / Math.Sqrt(beta));
        }

        for (var i = 0; i < point.Space.Associations.Length; i++)
        {
            var association = point.Space.Associations[i];
            _leads[association.Second] = (association, ((AssociationFactor)point.Factors[count + i]).Correlation);
        }
    }

    /// <summary>Draws a configuration.</summary>
    /// <param name="random">The source of randomness; the same stream draws the same.</param>
    public Configuration Sample(SeededRandom random)
    {
        var drawn = new double[_techniques.Techniques.Length];
        var values = ImmutableArray.CreateBuilder<double>(drawn.Length);
        for (var i = 0; i < drawn.Length; i++)
        {
            var (shift, correlation, way) = (0.0, 0.0, -1);
            if (_leads[i] is { } lead)
            {
                (correlation, way) = (lead.Correlation, lead.Association.SecondWay);
                shift = correlation * Score(lead.Association.First, lead.Association.FirstWay, drawn[lead.Association.First]);
            }

            drawn[i] = _probabilities[i] is { } probabilities ? Way(probabilities, way, shift, random) : Coordinate(i, shift, correlation, random);
            values.Add(_techniques.FromCoordinate(i, drawn[i]));
        }

        return new Configuration(values.MoveToImmutable());
    }

    /// <summary>How many standard deviations what was drawn lies above its mean.</summary>
    private double Score(int technique, int way, double drawn)
    {
        if (_probabilities[technique] is not { } probabilities) return (drawn - _gaussians[technique].Center) / _gaussians[technique].Deviation;
        return StandardScore.OfWay(probabilities[way], (int)drawn == way);
    }

    private static int Way(double[] probabilities, int way, double shift, SeededRandom random)
    {
        if (way < 0) return Draw(probabilities, 0, 1, -1, random);
        var probability = probabilities[way];
        var shifted = Math.Clamp(probability + (shift * Math.Sqrt(probability * (1 - probability))), 0, 1);
        return random.NextChance(shifted) ? way : Draw(probabilities, probability, 1 - probability, way, random);
    }

    /// <summary>Draws one of the ways besides <paramref name="without"/>, whose probabilities add up to <paramref name="mass"/>.</summary>
    private static int Draw(double[] probabilities, double excluded, double mass, int without, SeededRandom random)
    {
        if (excluded >= 1) return without;
        var left = random.NextDouble() * mass;
        var last = without;
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (i == without) continue;
            if (probabilities[i] > 0) last = i;
            left -= probabilities[i];
            if (left < 0) return i;
        }

        return last;
    }

    private double Coordinate(int technique, double shift, double correlation, SeededRandom random)
    {
        var (center, deviation) = _gaussians[technique];
        var around = center + (shift * deviation);
        var spread = deviation * Math.Sqrt(1 - (correlation * correlation));
        for (var redraw = 0; redraw < MaxRedraws; redraw++)
        {
            var drawn = around + (spread * random.NextGaussian());
            if (drawn is >= 0 and <= 1) return drawn;
        }

        return Math.Clamp(around, 0, 1);
    }
}

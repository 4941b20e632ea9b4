using Hive.Randomness;
using Hive.Research;

namespace Hive.Swarm;

/// <summary>Makes new configurations out of good ones.</summary>
/// <param name="space">The techniques.</param>
internal sealed class Ideas(TechniqueSpace space)
{
    /// <summary>The least step of a number, in coordinates; a step is as wide as the good results lie apart, and never narrower.</summary>
    private const double LeastStep = 0.02;

    private const double LeapChance = 0.15;

    /// <summary>A good configuration with one to three techniques changed; better ones are taken more often.</summary>
    /// <param name="elite">Good configurations, best first.</param>
    /// <param name="random">Decides.</param>
    public Configuration Change(Configuration[] elite, SeededRandom random)
    {
        var changed = Parent(elite, random);
        for (var changes = 1 + random.NextInt(3); changes > 0; changes--)
        {
            var technique = random.NextInt(space.Techniques.Length);
            changed = changed.With(technique, Change(technique, changed[technique], elite, random));
        }

        return changed;
    }

    /// <summary>Each technique's value from one of two good configurations, and in half of the cases one value changed.</summary>
    /// <param name="elite">Good configurations, best first.</param>
    /// <param name="random">Decides.</param>
    public Configuration Cross(Configuration[] elite, SeededRandom random)
    {
        var (crossed, other) = (Parent(elite, random), Parent(elite, random));
        for (var i = 0; i < space.Techniques.Length; i++)
        {
            if (random.NextChance(0.5)) crossed = crossed.With(i, other[i]);
        }

        if (random.NextChance(0.5)) return crossed;
        var technique = random.NextInt(space.Techniques.Length);
        return crossed.With(technique, Change(technique, crossed[technique], elite, random));
    }

    private static Configuration Parent(Configuration[] elite, SeededRandom random)
    {
        var (a, b) = (random.NextInt(elite.Length), random.NextInt(elite.Length));
        return elite[Math.Min(a, b)];
    }

    private double Change(int technique, double value, Configuration[] elite, SeededRandom random)
    {
        switch (space.Techniques[technique])
        {
            case CategoricalTechnique categorical:
                return (value + 1 + random.NextInt(categorical.Values.Length - 1)) % categorical.Values.Length;
            case IntegerTechnique when random.NextChance(LeapChance):
            case LogRealTechnique or RealTechnique when random.NextChance(LeapChance):
                return space.Sample(technique, random);
            case var numeric:
                var step = random.NextGaussian() * Math.Max(LeastStep, 1.5 * Spread(technique, elite));
                var moved = space.FromCoordinate(technique, Math.Clamp(space.ToCoordinate(technique, value) + step, 0, 1));
                return numeric is IntegerTechnique integer && moved == value ? Neighbour(integer, value, random) : moved;
        }
    }

    private static double Neighbour(IntegerTechnique integer, double value, SeededRandom random)
    {
        var up = value < integer.Most && (value <= integer.Least || random.NextChance(0.5));
        return value + (up ? 1 : -1);
    }

    private double Spread(int technique, Configuration[] elite)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var one in elite)
        {
            var coordinate = space.ToCoordinate(technique, one[technique]);
            sum += coordinate;
            squares += coordinate * coordinate;
        }

        var mean = sum / elite.Length;
        return Math.Sqrt(Math.Max(0, (squares / elite.Length) - (mean * mean)));
    }
}

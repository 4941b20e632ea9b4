using Hive.Randomness;

namespace Hive.Statistics;

/// <summary>What a test would call a surprise.</summary>
public enum Alternative
{
    /// <summary>The difference is not 0.</summary>
    TwoSided,

    /// <summary>The difference is above 0: the first is greater.</summary>
    Greater,

    /// <summary>The difference is below 0: the first is less.</summary>
    Less,
}

/// <summary>
/// Tests of a difference of means that assume no distribution (Fisher, <i>The Design of Experiments</i>, 1935): if there were no difference, every relabelling would have
/// been as likely. All of them are counted where there are at most <see cref="MaxExact"/>; otherwise some are drawn, and p = (1 + as extreme) / (1 + drawn), which never is 0
/// and keeps the level (Phipson and Smyth, <i>Permutation p-values should never be zero</i>, 2010).
/// </summary>
public static class PermutationTest
{
    /// <summary>The most relabellings that are all counted.</summary>
    public const long MaxExact = 1 << 18;

    /// <summary>How many relabellings are drawn where there are more.</summary>
    public const int DefaultDraws = 19_999;

    /// <summary>The p-value of two independent groups having the same distribution.</summary>
    /// <param name="first">One or more finite numbers.</param>
    /// <param name="second">One or more finite numbers.</param>
    /// <param name="alternative">What counts as more extreme: the first group's mean less the second's.</param>
    /// <param name="random">The source of randomness, used only where not all relabellings are counted.</param>
    /// <param name="draws">How many relabellings are drawn then.</param>
    /// <returns>Above 0, at most 1.</returns>
    /// <exception cref="ArgumentException">A group is empty or holds a number that is not finite.</exception>
    public static double Independent(
        ReadOnlySpan<double> first, ReadOnlySpan<double> second, Alternative alternative, SeededRandom random, int draws = DefaultDraws)
    {
        Check(first);
        Check(second);
        double[] pooled = [.. first, .. second];
        var size = first.Length;

        // The difference of the means grows with the sum of the first group once all numbers are measured from their mean, and is 0 where that sum is.
        var mean = Sample.Mean(pooled);
        for (var i = 0; i < pooled.Length; i++) pooled[i] -= mean;
        var tally = new Tally(pooled.AsSpan(0, size), pooled, alternative);
        if (Combinations(pooled.Length, size) <= MaxExact)
        {
            CountSubsets(pooled, 0, size, 0, tally);
            return tally.ExactP;
        }

        for (var draw = 0; draw < draws; draw++)
        {
            // The first places of a Fisher–Yates shuffle are a subset of which every one is as likely.
            var sum = 0.0;
            for (var i = 0; i < size; i++)
            {
                var j = i + random.NextInt(pooled.Length - i);
                (pooled[i], pooled[j]) = (pooled[j], pooled[i]);
                sum += pooled[i];
            }

            tally.Count(sum);
        }

        return tally.DrawnP;
    }

    /// <summary>The p-value of paired differences being as likely below 0 as above it by the same amount: signs are flipped.</summary>
    /// <param name="differences">One or more finite numbers: the first of each pair less the second.</param>
    /// <param name="alternative">What counts as more extreme: the mean difference.</param>
    /// <param name="random">The source of randomness, used only where not all sign flips are counted.</param>
    /// <param name="draws">How many sign flips are drawn then.</param>
    /// <returns>Above 0, at most 1.</returns>
    /// <exception cref="ArgumentException">There is no difference, or one that is not finite.</exception>
    public static double Paired(ReadOnlySpan<double> differences, Alternative alternative, SeededRandom random, int draws = DefaultDraws)
    {
        Check(differences);
        var tally = new Tally(differences, differences, alternative);
        if (differences.Length < 63 && 1L << differences.Length <= MaxExact)
        {
            CountSigns(differences, 0, tally);
            return tally.ExactP;
        }

        for (var draw = 0; draw < draws; draw++)
        {
            var sum = 0.0;
            foreach (var difference in differences) sum += random.NextChance(0.5) ? difference : -difference;
            tally.Count(sum);
        }

        return tally.DrawnP;
    }

    private static void CountSubsets(ReadOnlySpan<double> rest, double sum, int wanted, int taken, Tally tally)
    {
        if (wanted == taken)
        {
            tally.Count(sum);
            return;
        }

        for (var i = 0; i <= rest.Length - (wanted - taken); i++) CountSubsets(rest[(i + 1)..], sum + rest[i], wanted, taken + 1, tally);
    }

    private static void CountSigns(ReadOnlySpan<double> rest, double sum, Tally tally)
    {
        if (rest.IsEmpty)
        {
            tally.Count(sum);
            return;
        }

        CountSigns(rest[1..], sum + rest[0], tally);
        CountSigns(rest[1..], sum - rest[0], tally);
    }

    private static double Combinations(int of, int size)
    {
        var count = 1.0;
        for (var i = 1; i <= size; i++) count = count * (of - size + i) / i;
        return Math.Round(count);
    }

    private static void Check(ReadOnlySpan<double> values)
    {
        Sample.Require(values, 1);
        foreach (var value in values)
        {
            if (!double.IsFinite(value)) throw new ArgumentException("a number is not finite", nameof(values));
        }
    }

    /// <summary>Counts the relabellings whose sum is at least as extreme as the one that was observed.</summary>
    private sealed class Tally
    {
        private readonly Alternative _alternative;
        private readonly double _observed;
        private readonly double _rounding;
        private long _counted;
        private long _extreme;

        public Tally(ReadOnlySpan<double> observed, ReadOnlySpan<double> all, Alternative alternative)
        {
            _alternative = alternative;
            var size = 0.0;
            foreach (var value in observed) _observed += value;
            foreach (var value in all) size += Math.Abs(value);

            // Sums of the same numbers in another order differ by rounding, and a tie must count.
            _rounding = 1e-12 * size;
        }

        public double ExactP => _extreme / (double)_counted;

        public double DrawnP => (1.0 + _extreme) / (1.0 + _counted);

        public void Count(double sum)
        {
            _counted++;
            var isExtreme = _alternative switch
            {
                Alternative.Greater => sum >= _observed - _rounding,
                Alternative.Less => sum <= _observed + _rounding,
                _ => Math.Abs(sum) >= Math.Abs(_observed) - _rounding,
            };
            if (isExtreme) _extreme++;
        }
    }
}

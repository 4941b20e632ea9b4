using System.Numerics;

namespace Hive.Randomness;

/// <summary>A stream of random numbers that its seed determines on every machine: xoshiro256** (Blackman and Vigna, 2018), seeded through SplitMix64.</summary>
public sealed class SeededRandom
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;
    private double _spareGaussian = double.NaN;

    /// <summary>The stream that belongs to a seed.</summary>
    /// <param name="seed">Any number; near ones give unrelated streams.</param>
    public SeededRandom(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>A seed that depends on all bits of its two parts.</summary>
    /// <param name="seed">The one.</param>
    /// <param name="part">The other.</param>
    public static ulong Mix(ulong seed, ulong part)
    {
        var state = seed ^ (SplitMix(ref part) + 0x9E3779B97F4A7C15);
        return SplitMix(ref state);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 … <paramref name="below"/>−1.</summary>
    /// <param name="below">At least 1.</param>
    public int NextInt(int below) => (int)Math.BigMul(NextBits(), (ulong)below, out _);

    /// <summary>True with a probability.</summary>
    /// <param name="probability">From 0 to 1.</param>
    public bool NextChance(double probability) => NextDouble() < probability;

    /// <summary>Standard normal, by Marsaglia's polar method.</summary>
    public double NextGaussian()
    {
        if (!double.IsNaN(_spareGaussian))
        {
            var spare = _spareGaussian;
            _spareGaussian = double.NaN;
            return spare;
        }

        double x, y, squared;
        do
        {
            x = (2 * NextDouble()) - 1;
            y = (2 * NextDouble()) - 1;
            squared = (x * x) + (y * y);
        }
        while (squared is >= 1 or 0);
        var scale = Math.Sqrt(-2 * Math.Log(squared) / squared);
        _spareGaussian = y * scale;
        return x * scale;
    }

    /// <summary>Standard Cauchy.</summary>
    public double NextCauchy() => Math.Tan(Math.PI * (NextDouble() - 0.5));

    /// <summary>Puts values into an order of which every one is as likely (Fisher and Yates).</summary>
    /// <param name="values">The values.</param>
    public void Shuffle(Span<double> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

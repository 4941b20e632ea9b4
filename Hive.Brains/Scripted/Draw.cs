namespace Hive.Brains.Scripted;

/// <summary>What a draw decides; each purpose has numbers of its own, so that a new one changes none of the others.</summary>
internal enum DrawFor : ulong
{
    Correctness = 1,
    WrongAnswer,
    Judgement,
    Latency,
    Fault,
    FaultVariant,
}

/// <summary>
/// Random numbers that depend on nothing but what they are drawn for: the finaliser of SplitMix64 (Steele, Lea and Flood, 2014) over a hash of seed, model and call.
/// A stream of random numbers would not do, because calls come in any order.
/// </summary>
internal readonly struct Draw
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private readonly ulong _state;

    private Draw(ulong state) => _state = state;

    public static Draw Of(long seed, ulong model, ulong call) => new(Mix(Mix(Mix((ulong)seed) ^ model) ^ call));

    /// <summary>This draw for the n-th try of the same call.</summary>
    public Draw Try(int number) => number == 0 ? this : new Draw(Mix(_state ^ ((ulong)number * Golden)));

    public ulong Bits(DrawFor purpose) => Mix(_state + ((ulong)purpose * Golden));

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform(DrawFor purpose) => (Bits(purpose) >> 11) * (1.0 / (1UL << 53));

    /// <summary>FNV-1a over the UTF-16 code units: the same on every machine, as the hash of a string is not.</summary>
    public static ulong Hash(ReadOnlySpan<char> text)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 0x100000001B3;
        }

        return hash;
    }

    public static ulong Mix(ulong z)
    {
        z += Golden;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

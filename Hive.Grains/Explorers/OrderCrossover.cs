namespace Hive.Explorers;

/// <summary>Order crossover of permutations (Davis, 1985): a stretch of one parent stays in place, the rest follows in the order of the other.</summary>
internal static class OrderCrossover
{
    /// <param name="child">One parent; receives the child.</param>
    /// <param name="other">The other parent.</param>
    /// <param name="random">Where the stretch comes from.</param>
    public static void Apply(Span<double> child, ReadOnlySpan<double> other, SeededRandom random)
    {
        var length = child.Length;
        Span<bool> kept = length <= 512 ? stackalloc bool[length] : new bool[length];
        kept.Clear();
        var start = random.NextInt(length);
        var count = 1 + random.NextInt(length);
        for (var i = 0; i < count; i++)
        {
            kept[(int)child[(start + i) % length]] = true;
        }

        var to = (start + count) % length;
        for (var i = 0; i < length; i++)
        {
            var value = other[(start + count + i) % length];
            if (!kept[(int)value])
            {
                child[to] = value;
                to = (to + 1) % length;
            }
        }
    }
}

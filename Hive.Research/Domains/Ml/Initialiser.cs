using Hive.Randomness;

namespace Hive.Research.Ml;

/// <summary>
/// Draws the first weights around zero with a standard deviation of, times the gain: 0.02 for <c>normal</c>; √(2 / (inputs + outputs)) for <c>xavier</c>
/// (Glorot and Bengio, 2010); √(2 / inputs) for <c>kaiming</c> (He et al., 2015). The bell is the sum of four uniform numbers, which needs no logarithm and
/// so has the same bits everywhere.
/// </summary>
internal sealed class Initialiser(string kind, float gain, SeededRandom random)
{
    /// <summary>Draws a parameter's values.</summary>
    /// <param name="weight">The parameter.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="outputs">How many sums a value of the input is part of.</param>
    /// <param name="inputs">How many products make one sum.</param>
    public void Draw(Variable weight, int rows, int outputs, int inputs)
    {
        var deviation = gain * kind switch
        {
            "normal" => 0.02f,
            "xavier" => MathF.Sqrt(2f / (inputs + outputs)),
            _ => MathF.Sqrt(2f / inputs),
        };
        foreach (ref var value in weight.Values(rows).Data) value = deviation * NextBell();
    }

    /// <summary>Four uniform numbers of 16 bits, centred and scaled to a variance of one: each has (2³² − 1) / 12.</summary>
    private float NextBell()
    {
        const float Scale = 2.64289979e-5f;
        var bits = random.NextBits();
        var sum = (int)(bits & 0xFFFF) + (int)((bits >> 16) & 0xFFFF) + (int)((bits >> 32) & 0xFFFF) + (int)(bits >> 48);
        return (sum - (2 * 0xFFFF)) * Scale;
    }
}

namespace Hive.Research.Ml;

/// <summary>How the learning rate runs over a training: it rises evenly during the warm-up, then follows its kind.</summary>
/// <param name="kind">
/// <c>constant</c>; <c>linear</c> down to 0; <c>cosine</c>, half a wave down to 0 (Loshchilov and Hutter, 2017); <c>step</c>, a tenth from two thirds on.
/// </param>
/// <param name="warmUp">The part of the steps in which the rate rises, from 0 to below 1.</param>
/// <param name="steps">How many steps there are.</param>
internal sealed class Schedule(string kind, double warmUp, long steps)
{
    /// <summary>The part of the full rate that a step uses, from 0 to 1.</summary>
    /// <param name="step">Which step, from 0.</param>
    public double At(long step)
    {
        var rising = (long)(warmUp * steps);
        if (step < rising) return (step + 1.0) / (rising + 1);
        var passed = (double)(step - rising) / (steps - rising);
        return kind switch
        {
            "constant" => 1,
            "linear" => 1 - passed,
            "cosine" => (1 + VectorMath.CosineOfHalfTurns(passed)) / 2,
            _ => passed < 2.0 / 3 ? 1 : 0.1,
        };
    }
}

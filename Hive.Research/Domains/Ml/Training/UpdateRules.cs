using System.Runtime.Intrinsics;

namespace Hive.Research.Ml;

/// <summary>The numbers of one step that all parameters share.</summary>
internal readonly struct UpdateFactors
{
    /// <summary>The learning rate; for Adam with the corrections of its moments' bias.</summary>
    public required float Rate { get; init; }

    /// <summary>What the weight is multiplied with for decay apart from the gradient.</summary>
    public required float Shrink { get; init; }

    /// <summary>What of the weight is added to the gradient.</summary>
    public required float Decay { get; init; }

    /// <summary>What the gradient is multiplied with, to be no longer than allowed.</summary>
    public required float Clip { get; init; }

    /// <summary>What is kept of the first moment.</summary>
    public required float Momentum { get; init; }
}

/// <summary>What an optimiser remembers of the gradients of eight parameters.</summary>
internal struct Moments
{
    /// <summary>Of the gradient itself.</summary>
    public Vector256<float> First;

    /// <summary>Of its square.</summary>
    public Vector256<float> Second;
}

/// <summary>How one step changes eight parameters. The moments are zero at the start.</summary>
internal interface IUpdateRule
{
    /// <summary>What is kept of the second moment, or by Lion of the first.</summary>
    const float Keep = 0.99f;

    /// <summary>The multiply-adds for one parameter; a square root counts as eight.</summary>
    static abstract int Work { get; }

    /// <summary>Whether decay shrinks the weight itself (Loshchilov and Hutter, 2019), not its gradient.</summary>
    static virtual bool IsDecoupled => false;

    /// <summary>Whether the rate takes in Adam's corrections.</summary>
    static virtual bool IsCorrected => false;

    /// <summary>The new weight.</summary>
    static abstract Vector256<float> Update(Vector256<float> weight, Vector256<float> gradient, ref Moments moments, in UpdateFactors factors);

    /// <summary>The mean of old and new that keeps a part of the old.</summary>
    protected static Vector256<float> Blend(Vector256<float> old, Vector256<float> fresh, float keep) => (old * keep) + (fresh * (1 - keep));
}

/// <summary>w ← w − η g.</summary>
internal readonly struct Sgd : IUpdateRule
{
    /// <inheritdoc/>
    public static int Work => 2;

    /// <inheritdoc/>
    public static Vector256<float> Update(Vector256<float> weight, Vector256<float> gradient, ref Moments moments, in UpdateFactors factors) =>
        weight - (gradient * factors.Rate);
}

/// <summary>m ← μ m + g; w ← w − η m (Polyak, 1964).</summary>
internal readonly struct Momentum : IUpdateRule
{
    /// <inheritdoc/>
    public static int Work => 4;

    /// <inheritdoc/>
    public static Vector256<float> Update(Vector256<float> weight, Vector256<float> gradient, ref Moments moments, in UpdateFactors factors)
    {
        moments.First = (moments.First * factors.Momentum) + gradient;
        return weight - (moments.First * factors.Rate);
    }
}

/// <summary>m ← μ m + g; w ← w − η (g + μ m) (Nesterov, 1983, in the form of Sutskever et al., 2013).</summary>
internal readonly struct Nesterov : IUpdateRule
{
    /// <inheritdoc/>
    public static int Work => 5;

    /// <inheritdoc/>
    public static Vector256<float> Update(Vector256<float> weight, Vector256<float> gradient, ref Moments moments, in UpdateFactors factors)
    {
        moments.First = (moments.First * factors.Momentum) + gradient;
        return weight - ((gradient + (moments.First * factors.Momentum)) * factors.Rate);
    }
}

/// <summary>v ← β v + (1 − β) g²; w ← w − η g / (√v + ε) (Tieleman and Hinton, 2012).</summary>
internal readonly struct RmsProp : IUpdateRule
{
    /// <inheritdoc/>
    public static int Work => 12;

    /// <inheritdoc/>
    public static Vector256<float> Update(Vector256<float> weight, Vector256<float> gradient, ref Moments moments, in UpdateFactors factors)
    {
        moments.Second = IUpdateRule.Blend(moments.Second, gradient * gradient, IUpdateRule.Keep);
        return weight - (gradient * factors.Rate / (Vector256.Sqrt(moments.Second) + Vector256.Create(1e-8f)));
    }
}

/// <summary>m ← μ m + (1 − μ) g; v ← β v + (1 − β) g²; w ← w − η m̂ / (√v̂ + ε), decay within the gradient (Kingma and Ba, 2015).</summary>
internal readonly struct Adam : IUpdateRule
{
    /// <inheritdoc/>
    public static int Work => 14;

    /// <inheritdoc/>
    public static bool IsCorrected => true;

    /// <inheritdoc/>
    public static Vector256<float> Update(Vector256<float> weight, Vector256<float> gradient, ref Moments moments, in UpdateFactors factors)
    {
        moments.First = IUpdateRule.Blend(moments.First, gradient, factors.Momentum);
        moments.Second = IUpdateRule.Blend(moments.Second, gradient * gradient, IUpdateRule.Keep);
        return weight - (moments.First * factors.Rate / (Vector256.Sqrt(moments.Second) + Vector256.Create(1e-8f)));
    }
}

/// <summary><see cref="Adam"/> with decay apart from the gradient (Loshchilov and Hutter, 2019).</summary>
internal readonly struct AdamW : IUpdateRule
{
    /// <inheritdoc/>
    public static int Work => Adam.Work;

    /// <inheritdoc/>
    public static bool IsDecoupled => true;

    /// <inheritdoc/>
    public static bool IsCorrected => true;

    /// <inheritdoc/>
    public static Vector256<float> Update(Vector256<float> weight, Vector256<float> gradient, ref Moments moments, in UpdateFactors factors) =>
        Adam.Update(weight, gradient, ref moments, factors);
}

/// <summary>w ← w − η sign(μ m + (1 − μ) g); m ← β m + (1 − β) g (Chen et al., 2023).</summary>
internal readonly struct Lion : IUpdateRule
{
    /// <inheritdoc/>
    public static int Work => 8;

    /// <inheritdoc/>
    public static bool IsDecoupled => true;

    /// <inheritdoc/>
    public static Vector256<float> Update(Vector256<float> weight, Vector256<float> gradient, ref Moments moments, in UpdateFactors factors)
    {
        var direction = IUpdateRule.Blend(moments.First, gradient, factors.Momentum);
        moments.First = IUpdateRule.Blend(moments.First, gradient, IUpdateRule.Keep);
        var sign = Vector256.CopySign(Vector256<float>.One, direction);
        return weight - (Vector256.ConditionalSelect(Vector256.Equals(direction, Vector256<float>.Zero), Vector256<float>.Zero, sign) * factors.Rate);
    }
}

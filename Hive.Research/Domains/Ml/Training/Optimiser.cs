namespace Hive.Research.Ml;

/// <summary>Changes all parameters along their gradient.</summary>
internal abstract class Optimiser
{
    /// <summary>The multiply-adds of a step for one parameter, the gradient's length included.</summary>
    public abstract int WorkPerParameter { get; }

    /// <summary>The optimiser of settings, over the parameters of a built model.</summary>
    public static Optimiser Create(MlSettings settings, Workspace workspace) => settings.Optimiser switch
    {
        "sgd" => new Optimiser<Sgd>(settings, workspace),
        "momentum" => new Optimiser<Momentum>(settings, workspace),
        "nesterov" => new Optimiser<Nesterov>(settings, workspace),
        "rmsprop" => new Optimiser<RmsProp>(settings, workspace),
        "adam" => new Optimiser<Adam>(settings, workspace),
        "adamw" => new Optimiser<AdamW>(settings, workspace),
        _ => new Optimiser<Lion>(settings, workspace),
    };

    /// <summary>Makes one step.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <returns>Whether it did; false when the gradient is not finite, and then nothing has changed.</returns>
    public abstract bool Step(double rate);
}

/// <summary>An optimiser with one rule.</summary>
internal sealed class Optimiser<TRule> : Optimiser
    where TRule : IUpdateRule
{
    private readonly MlSettings _settings;
    private readonly VariableStore _parameters;
    private readonly VariableStore _moments;
    private double _firstPower = 1;
    private double _secondPower = 1;

    /// <summary>An optimiser that has made no step.</summary>
    public Optimiser(MlSettings settings, Workspace workspace)
    {
        (_settings, _parameters, _moments) = (settings, workspace.Parameters, workspace.Moments);
        _moments.Add(1, _parameters.Length);
    }

    /// <inheritdoc/>
    public override int WorkPerParameter => TRule.Work + 2;

    /// <inheritdoc/>
    public override bool Step(double rate)
    {
        var norm = MathF.Sqrt(VectorMath.SumOfSquares(_parameters.UsedGradients));
        if (!float.IsFinite(norm)) return false;
        _firstPower *= _settings.Momentum;
        _secondPower *= IUpdateRule.Keep;
        var correction = TRule.IsCorrected ? Math.Sqrt(1 - _secondPower) / (1 - _firstPower) : 1;
        Apply(new UpdateFactors
        {
            Rate = (float)(rate * correction),
            Shrink = TRule.IsDecoupled ? 1 - (float)(rate * _settings.Decay) : 1,
            Decay = TRule.IsDecoupled ? 0 : _settings.Decay,
            Clip = norm > _settings.Clip ? _settings.Clip / norm : 1,
            Momentum = _settings.Momentum,
        });
        return true;
    }

    private void Apply(in UpdateFactors factors)
    {
        var weights = _parameters.UsedValues;
        var gradients = _parameters.UsedGradients;
        var firsts = _moments.UsedValues;
        var seconds = _moments.UsedGradients;
        for (var i = 0; i < weights.Length; i += VectorMath.Lanes)
        {
            var weight = VectorMath.Load(weights, i);
            var gradient = (VectorMath.Load(gradients, i) * factors.Clip) + (weight * factors.Decay);
            var moments = new Moments { First = VectorMath.Load(firsts, i), Second = VectorMath.Load(seconds, i) };
            VectorMath.Store(TRule.Update(weight * factors.Shrink, gradient, ref moments, factors), weights, i);
            VectorMath.Store(moments.First, firsts, i);
            VectorMath.Store(moments.Second, seconds, i);
        }
    }
}

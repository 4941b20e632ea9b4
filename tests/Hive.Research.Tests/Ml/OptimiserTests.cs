using FsCheck;
using FsCheck.Fluent;
using Hive.Randomness;
using Hive.Research.Ml;

namespace Hive.Research.Tests.Ml;

public sealed class OptimiserTests
{
    private static readonly TechniqueSpace Space = MlTechniques.CreateSpace();

    private readonly Workspace _workspace = new();

    [Theory]
    [InlineData("sgd", 0.1)]
    [InlineData("momentum", 0.02)]
    [InlineData("nesterov", 0.02)]
    [InlineData("rmsprop", 0.1)]
    [InlineData("adam", 0.1)]
    [InlineData("adamw", 0.1)]
    [InlineData("lion", 0.1)]
    public void Every_optimiser_goes_to_the_bottom_of_a_bowl(string kind, double rate)
    {
        var weights = Weights(16, index => index - 8);
        var optimiser = Optimiser.Create(Settings(kind), _workspace);
        for (var step = 0; step < 600; step++)
        {
            for (var i = 0; i < weights.Length; i++) _workspace.Parameters.Gradients[i] = (1 + (i % 4)) * (_workspace.Parameters.Values[i] - 3);
            Assert.True(optimiser.Step(rate * (1 - (step / 600.0))));
        }

        Assert.All(_workspace.Parameters.UsedValues.ToArray(), weight => Assert.InRange(weight, 2.8f, 3.2f));
    }

    [Fact]
    public void The_first_step_of_adam_is_the_rate_whatever_the_size_of_the_gradient()
    {
        Weights(8, _ => 0);
        for (var i = 0; i < 8; i++) _workspace.Parameters.Gradients[i] = MathF.Pow(10, i - 4);
        Optimiser.Create(Settings("adam"), _workspace).Step(0.01);

        Assert.All(_workspace.Parameters.UsedValues.ToArray(), weight => Assert.InRange(weight, -0.0101f, -0.0099f));
    }

    [Fact]
    public void A_gradient_longer_than_allowed_is_cut_to_length_and_a_shorter_one_is_not()
    {
        var longer = StepOfSgd(gradient: 100, clip: 2);
        var shorter = StepOfSgd(gradient: 0.5f, clip: 2);

        Assert.Equal(2, Math.Sqrt(longer.Sum(x => (double)x * x)), 1e-5);
        Assert.All(shorter, x => Assert.Equal(-0.5f, x));

        static float[] StepOfSgd(float gradient, float clip)
        {
            var workspace = new Workspace();
            workspace.Parameters.Add(1, 8);
            workspace.Parameters.UsedGradients.Fill(gradient);
            Optimiser.Create(Settings("sgd") with { Clip = clip }, workspace).Step(1);
            return workspace.Parameters.UsedValues.ToArray();
        }
    }

    [Theory]
    [InlineData("sgd", 1 - (0.1 * 0.5))]
    [InlineData("adamw", 1 - (0.1 * 0.5))]
    [InlineData("lion", 1 - (0.1 * 0.5))]
    [InlineData("adam", 1 - 0.1)]
    public void Decay_shrinks_weights_that_have_no_gradient(string kind, double expected)
    {
        Weights(8, _ => 1);
        Optimiser.Create(Settings(kind) with { Decay = 0.5f }, _workspace).Step(0.1);

        Assert.All(_workspace.Parameters.UsedValues.ToArray(), weight => Assert.Equal(expected, weight, 1e-5));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_gradient_that_is_not_finite_changes_nothing(float gradient)
    {
        Weights(8, index => index);
        _workspace.Parameters.Gradients[5] = gradient;

        Assert.False(Optimiser.Create(Settings("adam"), _workspace).Step(0.1));
        Assert.Equal(Enumerable.Range(0, 8).Select(index => (float)index), _workspace.Parameters.UsedValues.ToArray());
    }

    [Fact]
    public void A_schedule_rises_evenly_then_never_rises_again_and_stays_between_0_and_1() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        string[] kinds = ["constant", "linear", "cosine", "step"];
        var (kind, warmUp, steps) = (kinds[random.NextInt(4)], random.NextDouble() / 2, 1 + random.NextInt(300));
        var schedule = new Schedule(kind, warmUp, steps);
        var rates = Enumerable.Range(0, steps).Select(step => schedule.At(step)).ToArray();
        var rising = (int)(warmUp * steps);
        return rates.All(rate => rate is > 0 and <= 1)
            && rates.Take(rising).Zip(rates.Skip(1), (one, next) => next > one).All(isHigher => isHigher)
            && rates.Skip(rising).Zip(rates.Skip(rising + 1), (one, next) => next <= one).All(isLower => isLower)
            && rates[rising] == 1;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("normal", 0.02)]
    [InlineData("xavier", 0.125)]
    [InlineData("kaiming", 0.176776695)]
    public void First_weights_have_the_spread_of_their_kind_times_the_gain(string kind, double spread)
    {
        const float Gain = 3;
        var weight = _workspace.Parameters.Add(64, 64);
        new Initialiser(kind, Gain, new SeededRandom(1)).Draw(weight, 64, 64, 64);
        var values = weight.Values(64).Data.ToArray();

        Assert.InRange(values.Average() / (Gain * spread), -0.06, 0.06);
        Assert.InRange(Math.Sqrt(values.Average(x => (double)x * x)) / (Gain * spread), 0.96, 1.04);
    }

    private static MlSettings Settings(string optimiser) =>
        MlSettings.From(Space, MlTechniques.Baseline(Space)) with { Optimiser = optimiser, Decay = 0, Clip = 1e9f, Momentum = 0.9f };

    private float[] Weights(int count, Func<int, float> value)
    {
        _workspace.Parameters.Add(1, count);
        for (var i = 0; i < count; i++) _workspace.Parameters.Values[i] = value(i);
        return _workspace.Parameters.UsedValues.ToArray();
    }
}

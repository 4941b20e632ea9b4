using System.Collections.Immutable;
using Hive.Randomness;
using Hive.Research.Ml;

namespace Hive.Research.Tests.Ml;

/// <summary>Holds every derivative against central differences of the loss itself.</summary>
public sealed class GradientTests
{
    private static readonly TechniqueSpace Space = MlTechniques.CreateSpace();

    // No dropout, which draws anew at each pass, and no relu, whose corners differences step over.
    private static readonly ImmutableArray<string> Common =
        ["initialisation=kaiming", "dropout=0", "depth=2", "width=16", "context=8", "embedding=8", "batch=16", "activation=tanh"];

    [Theory]
    [InlineData("architecture=mlp")]
    [InlineData("architecture=mlp", "depth=3", "residual=add")]
    [InlineData("architecture=mlp", "normalisation=layer")]
    [InlineData("architecture=mlp", "normalisation=rms", "residual=add")]
    [InlineData("architecture=mlp", "activation=sigmoid")]
    [InlineData("architecture=mlp", "activation=gelu")]
    [InlineData("architecture=mlp", "activation=silu")]
    [InlineData("architecture=mlp", "tying=tied")]
    [InlineData("architecture=mlp", "smoothing=0.2")]
    [InlineData("architecture=mlp", "width=48", "embedding=24", "context=24")]
    [InlineData("architecture=transformer")]
    [InlineData("architecture=transformer", "residual=add", "normalisation=layer", "activation=gelu")]
    [InlineData("architecture=transformer", "residual=add", "normalisation=rms", "tying=tied", "width=32", "context=16")]
    public void A_gradient_is_what_the_loss_does_when_the_parameters_move(params string[] settings)
    {
        var workspace = new Workspace();
        var chosen = Settings(settings);
        var model = LanguageModelBuilder.Build(chosen, workspace, new SeededRandom(1), new SeededRandom(2), chosen.Batch);
        DrawTokens(chosen, workspace, new SeededRandom(3));
        Loss(model, workspace, chosen);
        var gradient = workspace.Parameters.UsedGradients.ToArray();
        var random = new SeededRandom(4);

        // Along the gradient, where the difference is largest, then for single parameters of every kind and along random directions.
        Check(gradient, gradient);
        for (var i = 0; i < 40; i++) Check(gradient, Direction(gradient.Length, random, sparse: i % 2 == 0));

        void Check(float[] gradient, float[] direction)
        {
            var length = Math.Sqrt(direction.Sum(x => (double)x * x));
            var expected = Derivative(model, workspace, chosen, direction, 0.002 / length) / length;
            var actual = gradient.Zip(direction, (g, d) => (double)g * d).Sum() / length;
            var scale = Math.Sqrt(gradient.Sum(x => (double)x * x));
            var isClose = Math.Abs(expected - actual) < 1e-3 * scale;
            Assert.True(isClose, $"{string.Join(' ', settings)}: {actual} by the backward pass, {expected} by differences, of {scale}");
        }
    }

    [Fact]
    public void The_derivative_of_relu_is_that_of_its_pieces()
    {
        var workspace = new Workspace();
        var (input, output, slope) = (workspace.Signals.Add(1, 8), workspace.Signals.Add(1, 8), workspace.Signals.Add(1, 8));
        float[] x = [-3, -0.5f, 0, 0.25f, 7, -1e-9f, 1e-9f, 2];
        x.CopyTo(input.Values(1).Data);
        output.Gradients(1).Data.Fill(3);
        var layer = new Activation<Relu>(input, output, slope);
        layer.Forward(1, training: true);
        layer.Backward(1);

        Assert.Equal(x.Select(value => Math.Max(value, 0)), output.Values(1).Data.ToArray());
        Assert.Equal(x.Select(value => value > 0 ? 3f : 0f), input.Gradients(1).Data.ToArray());
    }

    [Fact]
    public void Dropout_drops_its_share_scales_the_rest_and_lets_the_gradient_through_the_same_gaps()
    {
        const int Rows = 200;
        var workspace = new Workspace();
        var (input, output, mask) = (workspace.Signals.Add(Rows, 16), workspace.Signals.Add(Rows, 16), workspace.Signals.Add(Rows, 16));
        input.Values(Rows).Data.Fill(1);
        output.Gradients(Rows).Data.Fill(1);
        var layer = new Dropout(input, output, mask, 0.25, new SeededRandom(5));
        layer.Forward(Rows, training: true);
        layer.Backward(Rows);
        var values = output.Values(Rows).Data.ToArray();

        Assert.All(values, value => Assert.True(value is 0 or 4 / 3f, $"{value}"));
        Assert.InRange(values.Average(), 0.95, 1.05);
        Assert.Equal(values, input.Gradients(Rows).Data.ToArray());
        layer.Forward(Rows, training: false);
        Assert.All(output.Values(Rows).Data.ToArray(), value => Assert.Equal(1, value));
    }

    [Fact]
    public void No_character_is_predicted_from_a_later_one()
    {
        var workspace = new Workspace();
        var settings = Settings("architecture=transformer", "residual=add", "context=16", "batch=16");
        var model = LanguageModelBuilder.Build(settings, workspace, new SeededRandom(1), new SeededRandom(2), settings.Batch);
        DrawTokens(settings, workspace, new SeededRandom(3));
        for (var row = 1; row < settings.Context; row++)
        {
            var before = model.Evaluate(row);
            workspace.Inputs[row] ^= 1;
            Assert.Equal(before, model.Evaluate(row));
        }
    }

    private static MlSettings Settings(params string[] settings)
    {
        var configuration = MlTechniques.Baseline(Space);
        foreach (var setting in Common.AddRange(settings))
        {
            var (name, value) = (setting.Split('=')[0], setting.Split('=')[1]);
            var index = Space.IndexOf(name);
            configuration = configuration.With(index, Space.Techniques[index] is CategoricalTechnique ways ? ways.Values.IndexOf(value) : double.Parse(value));
        }

        Assert.Null(Space.Mistake(configuration));
        return MlSettings.From(Space, configuration);
    }

    private static void DrawTokens(MlSettings settings, Workspace workspace, SeededRandom random)
    {
        foreach (ref var token in workspace.Inputs.AsSpan(0, settings.Batch * settings.Context)) token = (byte)random.NextInt(Corpus.VocabularySize);
        foreach (ref var token in workspace.Targets.AsSpan(0, settings.Batch)) token = (byte)random.NextInt(Corpus.VocabularySize);
    }

    private static float[] Direction(int length, SeededRandom random, bool sparse)
    {
        var direction = new float[length];
        if (sparse) direction[random.NextInt(length)] = 1;
        else foreach (ref var x in direction.AsSpan()) x = (float)random.NextGaussian();
        return direction;
    }

    /// <summary>The derivative of the smoothed loss along a direction, by central differences of the fourth order.</summary>
    private static double Derivative(LanguageModel model, Workspace workspace, MlSettings settings, float[] direction, double step)
    {
        var start = workspace.Parameters.UsedValues.ToArray();
        var (one, two) = (At(1) - At(-1), At(2) - At(-2));
        start.CopyTo(workspace.Parameters.UsedValues);
        return ((8 * one) - two) / (12 * step);

        double At(int steps)
        {
            for (var i = 0; i < start.Length; i++) workspace.Parameters.UsedValues[i] = (float)(start[i] + (steps * step * direction[i]));
            return Loss(model, workspace, settings);
        }
    }

    /// <summary>The loss that the gradient belongs to, in double precision from the scores: the model itself tells only the loss without smoothing.</summary>
    private static double Loss(LanguageModel model, Workspace workspace, MlSettings settings)
    {
        model.ComputeGradient(settings.Batch);
        var loss = 0.0;
        for (var row = 0; row < settings.Batch; row++)
        {
            var scores = model.Scores.Values(settings.Batch).Row(row).ToArray().Select(score => (double)score).ToArray();
            var normaliser = Math.Log(scores.Sum(Math.Exp));
            loss += normaliser - ((1 - settings.Smoothing) * scores[workspace.Targets[row]]) - (settings.Smoothing * scores.Average());
        }

        return loss / settings.Batch;
    }
}

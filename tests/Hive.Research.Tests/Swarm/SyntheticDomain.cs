using Hive.Randomness;
using Hive.Research;

namespace Hive.Tests.Swarm;

/// <summary>A field of experiments that cost nothing and whose optimum is known: a valley with effects of each technique, some of pairs, and noise that the seed decides.</summary>
internal sealed class SyntheticDomain : IResearchDomain
{
    private const double Divergence = 3.2;

    private readonly double[][] _ways;
    private readonly double[] _optimum;
    private readonly double[] _weight;
    private readonly double[,] _pairs;
    private readonly double _noise;

    /// <summary>A valley.</summary>
    /// <param name="seed">Decides where its ground lies.</param>
    /// <param name="noise">The standard deviation of a result over seeds.</param>
    public SyntheticDomain(ulong seed, double noise = 0)
    {
        var random = new SeededRandom(seed);
        var count = Space.Techniques.Length;
        (_ways, _optimum, _weight, _pairs, _noise) = (new double[count][], new double[count], new double[count], new double[6, 6], noise);
        for (var i = 0; i < count; i++)
        {
            _weight[i] = 0.15 * Math.Exp(0.8 * random.NextGaussian());
            _optimum[i] = 0.15 + (0.7 * random.NextDouble());
            if (Space.Techniques[i] is CategoricalTechnique categorical) _ways[i] = [.. categorical.Values.Select(_ => _weight[i] * random.NextDouble())];
        }

        for (var i = 0; i < 6; i++)
        {
            for (var j = 0; j < 6; j++) _pairs[i, j] = 0.1 * random.NextGaussian();
        }

        Fingerprint = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(seed)));
    }

    public string Name => "synthetic";

    public string Metric => "height";

    public Direction Direction => Direction.Minimize;

    public TechniqueSpace Space { get; } = new(
    [
        new CategoricalTechnique("arch", ["mlp", "transformer"]),
        new CategoricalTechnique("init", ["normal", "xavier", "kaiming"]),
        new CategoricalTechnique("norm", ["none", "layer", "rms"]),
        new CategoricalTechnique("activation", ["relu", "gelu", "silu", "tanh"]),
        new CategoricalTechnique("optimiser", ["sgd", "momentum", "adam", "adamw"]),
        new LogRealTechnique("rate", 1e-4, 1),
        new CategoricalTechnique("schedule", ["constant", "cosine", "linear"]),
        new IntegerTechnique("width", 16, 128),
        new IntegerTechnique("depth", 1, 4),
        new IntegerTechnique("batch", 4, 64),
        new RealTechnique("dropout", 0, 0.5),
        new CategoricalTechnique("tying", ["no", "yes"]),
    ]);

    public WorkBudget Budget { get; } = new(1, "looks");

    public Configuration Baseline { get; } = new([0, 0, 0, 0, 0, 0.03, 0, 32, 1, 16, 0.1, 0]);

    public string Fingerprint { get; }

    public ValueTask<ExperimentResult> RunAsync(Configuration configuration, ulong seed, DataPart part, CancellationToken cancellation)
    {
        if (Space.Mistake(configuration) is { } mistake) throw new ArgumentException(mistake);
        cancellation.ThrowIfCancellationRequested();
        var height = Height(configuration);
        if (height > Divergence) return new(ExperimentResult.Failed(1, "it diverged"));
        var noise = _noise * new SeededRandom(SeededRandom.Mix(seed, (ulong)part)).NextGaussian();
        return new(new ExperimentResult(height + noise + (part == DataPart.Test ? 0.01 : 0), 1));
    }

    /// <summary>The value without noise.</summary>
    public double Height(Configuration configuration)
    {
        var height = 1.5;
        for (var i = 0; i < configuration.Values.Length; i++)
        {
            if (_ways[i] is { } ways)
            {
                height += ways[(int)configuration[i]];
                continue;
            }

            var away = Space.ToCoordinate(i, configuration[i]) - _optimum[i];
            if (Space.Techniques[i].Name == "rate")
            {
                // The best rate depends on the optimiser, and one that is too high diverges.
                away -= 0.1 * (configuration[4] - 1.5);
                height += (3 * away * away) + (away > 0.35 ? 2 : 0);
            }
            else
            {
                height += 3 * _weight[i] * away * away;
            }
        }

        return height + _pairs[(int)configuration[1], (int)configuration[2]] + _pairs[(int)configuration[3], (int)configuration[4]]
            + (configuration[0] == 1 ? _pairs[(int)configuration[6], 5] : 0);
    }
}

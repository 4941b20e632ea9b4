using System.Collections.Immutable;

namespace Hive.Research.Ml;

/// <summary>What an experiment of the domain <c>ml</c> may vary, and what its values mean.</summary>
internal static class MlTechniques
{
    /// <summary>The space.</summary>
    public static TechniqueSpace CreateSpace() => new(
    [
        new CategoricalTechnique("architecture", ["mlp", "transformer"]),
        new IntegerTechnique("depth", 1, 4),
        new LogRealTechnique("width", 16, 96),
        new CategoricalTechnique("context", ["8", "16", "24", "32"]),
        new LogRealTechnique("embedding", 8, 48),
        new CategoricalTechnique("initialisation", ["normal", "xavier", "kaiming"]),
        new LogRealTechnique("gain", 0.1, 10),
        new CategoricalTechnique("normalisation", ["none", "layer", "rms"]),
        new CategoricalTechnique("activation", ["sigmoid", "tanh", "relu", "gelu", "silu"]),
        new CategoricalTechnique("residual", ["none", "add"]),
        new CategoricalTechnique("optimiser", ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "lion"]),
        new LogRealTechnique("rate", 1e-5, 10),
        new RealTechnique("momentum", 0, 0.99),
        new CategoricalTechnique("schedule", ["constant", "linear", "cosine", "step"]),
        new RealTechnique("warmup", 0, 0.5),
        new LogRealTechnique("batch", 8, 256),
        new LogRealTechnique("decay", 1e-6, 1),
        new LogRealTechnique("clip", 0.01, 100),
        new RealTechnique("dropout", 0, 0.5),
        new CategoricalTechnique("tying", ["untied", "tied"]),
        new RealTechnique("smoothing", 0, 0.3),
    ]);

    /// <summary>The plain textbook choice.</summary>
    /// <param name="space">The space.</param>
    public static Configuration Baseline(TechniqueSpace space)
    {
        var values = new Dictionary<string, object>
        {
            ["architecture"] = "mlp",
            ["depth"] = 3,
            ["width"] = 64.0,
            ["context"] = "16",
            ["embedding"] = 16.0,
            ["initialisation"] = "normal",
            ["gain"] = 1.0,
            ["normalisation"] = "none",
            ["activation"] = "tanh",
            ["residual"] = "none",
            ["optimiser"] = "sgd",
            ["rate"] = 0.01,
            ["momentum"] = 0.9,
            ["schedule"] = "constant",
            ["warmup"] = 0.0,
            ["batch"] = 64.0,
            ["decay"] = 1e-4,
            ["clip"] = 100.0,
            ["dropout"] = 0.2,
            ["tying"] = "untied",
            ["smoothing"] = 0.0,
        };
        return new Configuration([.. space.Techniques.Select(technique => values[technique.Name] switch
        {
            string way => ((CategoricalTechnique)technique).Values.IndexOf(way),
            int number => number,
            var number => (double)number,
        })]);
    }
}

namespace Hive.Research.Ml;

/// <summary>A configuration of the domain <c>ml</c>, ready to build and train a model from.</summary>
internal sealed record MlSettings
{
    public required string Architecture { get; init; }

    public required int Depth { get; init; }

    /// <summary>The columns of the hidden layers; a multiple of 16.</summary>
    public required int Width { get; init; }

    /// <summary>How many characters the model looks back; a multiple of 8.</summary>
    public required int Context { get; init; }

    /// <summary>The columns of an embedding; a multiple of 8.</summary>
    public required int Embedding { get; init; }

    public required string Initialisation { get; init; }

    public required float Gain { get; init; }

    public required string Normalisation { get; init; }

    public required string Activation { get; init; }

    public required bool Residual { get; init; }

    public required string Optimiser { get; init; }

    public required double Rate { get; init; }

    public required float Momentum { get; init; }

    public required string Schedule { get; init; }

    /// <summary>The part of the steps in which the rate rises.</summary>
    public required double WarmUp { get; init; }

    /// <summary>The characters predicted in a step; for sequences a multiple of <see cref="Context"/>.</summary>
    public required int Batch { get; init; }

    public required float Decay { get; init; }

    /// <summary>The longest gradient.</summary>
    public required float Clip { get; init; }

    public required double Dropout { get; init; }

    public required bool Tied { get; init; }

    public required float Smoothing { get; init; }

    /// <summary>Whether the model reads sequences, a row a character; otherwise a row holds a window of characters.</summary>
    public bool IsSequential => Architecture == "transformer";

    /// <summary>Reads a configuration; sizes are rounded to what whole vectors hold.</summary>
    /// <param name="space">The space of <see cref="MlTechniques"/>.</param>
    /// <param name="configuration">A point of it.</param>
    public static MlSettings From(TechniqueSpace space, Configuration configuration)
    {
        var context = int.Parse(Way("context"), System.Globalization.CultureInfo.InvariantCulture);
        var architecture = Way("architecture");
        return new MlSettings
        {
            Architecture = architecture,
            Depth = (int)Number("depth"),
            Width = Multiple(Number("width"), 16),
            Context = context,
            Embedding = Multiple(Number("embedding"), 8),
            Initialisation = Way("initialisation"),
            Gain = (float)Number("gain"),
            Normalisation = Way("normalisation"),
            Activation = Way("activation"),
            Residual = Way("residual") == "add",
            Optimiser = Way("optimiser"),
            Rate = Number("rate"),
            Momentum = (float)Number("momentum"),
            Schedule = Way("schedule"),
            WarmUp = Number("warmup"),
            Batch = Multiple(Number("batch"), architecture == "transformer" ? context : 8),
            Decay = (float)Number("decay"),
            Clip = (float)Number("clip"),
            Dropout = Number("dropout"),
            Tied = Way("tying") == "tied",
            Smoothing = (float)Number("smoothing"),
        };

        double Number(string name) => configuration[space.IndexOf(name)];

        string Way(string name) => space.Text(space.IndexOf(name), Number(name));
    }

    private static int Multiple(double value, int unit) => Math.Max(1, (int)Math.Round(value / unit)) * unit;
}

using Hive.Randomness;

namespace Hive.Research.Ml;

/// <summary>Builds the model that settings describe, and draws its first parameters.</summary>
internal sealed class LanguageModelBuilder
{
    /// <summary>How much wider the hidden layer of a transformer's block is than the block.</summary>
    private const int Expansion = 2;

    private readonly MlSettings _settings;
    private readonly Workspace _workspace;
    private readonly Initialiser _initialiser;
    private readonly SeededRandom _dropout;
    private readonly int _rows;
    private readonly List<Layer> _layers = [];
    private readonly Variable _scratch;

    private LanguageModelBuilder(MlSettings settings, Workspace workspace, SeededRandom initial, SeededRandom dropout, int rows)
    {
        _settings = settings;
        _workspace = workspace;
        _initialiser = new Initialiser(settings.Initialisation, settings.Gain, initial);
        _dropout = dropout;
        _rows = rows;
        var largest = Math.Max(settings.Context * settings.Embedding * settings.Width, 3 * settings.Width * settings.Width);
        _scratch = workspace.Signals.Add(1, Math.Max(largest, Corpus.VocabularySize * Math.Max(settings.Width, settings.Embedding)));
    }

    /// <summary>Builds a model in a cleared workspace.</summary>
    /// <param name="settings">What to build.</param>
    /// <param name="workspace">Its memory.</param>
    /// <param name="initial">Draws the first parameters.</param>
    /// <param name="dropout">Draws what is dropped.</param>
    /// <param name="rows">The most rows at once.</param>
    public static LanguageModel Build(MlSettings settings, Workspace workspace, SeededRandom initial, SeededRandom dropout, int rows) =>
        new LanguageModelBuilder(settings, workspace, initial, dropout, rows).Build();

    private LanguageModel Build()
    {
        var table = _workspace.Parameters.Add(Corpus.VocabularySize, _settings.Embedding);
        _initialiser.Draw(table, Corpus.VocabularySize, _settings.Embedding, _settings.Embedding);
        var perRow = _settings.IsSequential ? 1 : _settings.Context;
        var embedded = Signal(perRow * _settings.Embedding);
        _layers.Add(new Embedding(_workspace.Inputs, perRow, embedded, table));
        var signal = Linear(embedded, _settings.Width);
        signal = _settings.IsSequential ? Transformer(signal) : Perceptron(signal);
        signal = Normalise(signal);
        var scores = Head(signal, table);
        return new LanguageModel(_workspace, _layers, scores, new CrossEntropy(scores, _workspace.Targets, _settings.Smoothing));
    }

    private Variable Perceptron(Variable signal)
    {
        signal = Drop(Activate(signal));
        for (var layer = 1; layer < _settings.Depth; layer++) signal = Connect(signal, Drop(Activate(Linear(Normalise(signal), _settings.Width))));
        return signal;
    }

    private Variable Transformer(Variable signal)
    {
        signal = Place(signal);
        for (var block = 0; block < _settings.Depth; block++)
        {
            var attended = Attend(Linear(Normalise(signal), 3 * _settings.Width));
            signal = Connect(signal, Drop(Linear(attended, _settings.Width)));
            var hidden = Activate(Linear(Normalise(signal), Expansion * _settings.Width));
            signal = Connect(signal, Drop(Linear(hidden, _settings.Width)));
        }

        return signal;
    }

    private Variable Head(Variable signal, Variable table)
    {
        if (!_settings.Tied) return Linear(signal, Corpus.VocabularySize);
        var scores = Signal(Corpus.VocabularySize);
        _layers.Add(new TiedHead(Linear(signal, _settings.Embedding), scores, table, _scratch));
        return scores;
    }

    private Variable Linear(Variable input, int columns)
    {
        var weight = _workspace.Parameters.Add(input.Columns, columns);
        var bias = _workspace.Parameters.Add(1, columns);
        _initialiser.Draw(weight, input.Columns, columns, input.Columns);
        var output = Signal(columns);
        _layers.Add(new Linear(input, output, weight, bias, _scratch));
        return output;
    }

    private Variable Place(Variable input)
    {
        var table = _workspace.Parameters.Add(_settings.Context, input.Columns);
        _initialiser.Draw(table, _settings.Context, input.Columns, input.Columns);
        var output = Signal(input.Columns);
        _layers.Add(new Position(input, output, table, _settings.Context));
        return output;
    }

    private Variable Attend(Variable input)
    {
        var output = Signal(input.Columns / 3);
        var weights = Signal(_settings.Context * (output.Columns / Attention.HeadColumns));
        var scratch = _workspace.Signals.Add(_settings.Context, Math.Max(_settings.Context, Attention.HeadColumns));
        _layers.Add(new Attention(input, output, weights, scratch, _settings.Context));
        return output;
    }

    private Variable Normalise(Variable input)
    {
        if (_settings.Normalisation == "none") return input;
        var gain = _workspace.Parameters.Add(1, input.Columns);
        gain.Values(1).Data.Fill(1);
        Variable? bias = _settings.Normalisation == "layer" ? _workspace.Parameters.Add(1, input.Columns) : null;
        var output = Signal(input.Columns);
        _layers.Add(new Normalisation(input, output, Signal(input.Columns), Signal(1), gain, bias));
        return output;
    }

    private Variable Activate(Variable input)
    {
        var (output, slope) = (Signal(input.Columns), Signal(input.Columns));
        _layers.Add(_settings.Activation switch
        {
            "sigmoid" => new Activation<Sigmoid>(input, output, slope),
            "tanh" => new Activation<Tanh>(input, output, slope),
            "relu" => new Activation<Relu>(input, output, slope),
            "gelu" => new Activation<Gelu>(input, output, slope),
            _ => new Activation<Silu>(input, output, slope),
        });
        return output;
    }

    private Variable Drop(Variable input)
    {
        if (Dropout.Threshold(_settings.Dropout) == 0) return input;
        var (output, mask) = (Signal(input.Columns), Signal(input.Columns));
        _layers.Add(new Dropout(input, output, mask, _settings.Dropout, _dropout));
        return output;
    }

    private Variable Connect(Variable input, Variable branch)
    {
        if (!_settings.Residual) return branch;
        var output = Signal(input.Columns);
        _layers.Add(new Sum(input, branch, output));
        return output;
    }

    private Variable Signal(int columns) => _workspace.Signals.Add(_rows, columns);
}

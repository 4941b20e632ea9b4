using Hive.Randomness;

namespace Hive.Research.Ml;

/// <summary>One experiment: trains a model until its work is spent, then measures it. Runs on the calling thread; the loop allocates nothing.</summary>
internal sealed class Training
{
    private const int InitialStream = 1;
    private const int BatchStream = 2;
    private const int DropoutStream = 3;

    /// <summary>Stretches that go through a model at once.</summary>
    private const int StretchesAtOnce = 2;

    private readonly MlSettings _settings;
    private readonly Corpus _corpus;
    private readonly Workspace _workspace;
    private readonly SeededRandom _batches;
    private readonly LanguageModel _model;

    /// <summary>A training that has not begun.</summary>
    /// <param name="settings">What to train, and how.</param>
    /// <param name="corpus">The text.</param>
    /// <param name="workspace">Cleared memory.</param>
    /// <param name="seed">Decides the first parameters, the batches, and what is dropped.</param>
    public Training(MlSettings settings, Corpus corpus, Workspace workspace, ulong seed)
    {
        (_settings, _corpus, _workspace) = (settings, corpus, workspace);
        _batches = new SeededRandom(SeededRandom.Mix(seed, BatchStream));
        var rows = Math.Max(settings.Batch, StretchesAtOnce * Corpus.StretchLength);
        _model = LanguageModelBuilder.Build(
            settings, workspace, new SeededRandom(SeededRandom.Mix(seed, InitialStream)), new SeededRandom(SeededRandom.Mix(seed, DropoutStream)), rows);
    }

    /// <summary>Trains and measures.</summary>
    /// <param name="budget">The multiply-adds to spend; no step is begun that would exceed them.</param>
    /// <param name="part">What to measure with.</param>
    /// <param name="cancellation">Checked at every step.</param>
    public ExperimentResult Run(long budget, DataPart part, CancellationToken cancellation)
    {
        var optimiser = Optimiser.Create(_settings, _workspace);
        var perStep = (_model.WorkPerRow * _settings.Batch) + ((long)optimiser.WorkPerParameter * _model.ParameterCount);
        var steps = budget / perStep;
        var schedule = new Schedule(_settings.Schedule, _settings.WarmUp, steps);
        for (var step = 0L; step < steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            DrawBatch();
            if (!double.IsFinite(_model.ComputeGradient(_settings.Batch)) || !optimiser.Step(_settings.Rate * schedule.At(step)))
            {
                return ExperimentResult.Failed((step + 1) * perStep, $"diverged at step {step + 1} of {steps}");
            }
        }

        var loss = Measure(_corpus.Of(part), cancellation);
        return loss <= Divergent
            ? new ExperimentResult(loss, steps * perStep)
            : ExperimentResult.Failed(steps * perStep, "diverged: the loss is far above that of guessing evenly");
    }

    /// <summary>The loss above which a model counts as diverged: twice that of guessing evenly.</summary>
    private static double Divergent { get; } = 2 * VectorMath.Log(Corpus.VocabularySize);

    private void DrawBatch()
    {
        var text = _corpus.Training;
        var (windows, context) = (_settings.IsSequential ? _settings.Batch / _settings.Context : _settings.Batch, _settings.Context);
        for (var window = 0; window < windows; window++) Fill(text, _batches.NextInt(text.Length - context), window);
    }

    /// <summary>Sets a window's characters and what follows: after the last, or in a sequence after each.</summary>
    private void Fill(byte[] text, int start, int window)
    {
        var context = _settings.Context;
        text.AsSpan(start, context).CopyTo(_workspace.Inputs.AsSpan(window * context));
        if (_settings.IsSequential) text.AsSpan(start + 1, context).CopyTo(_workspace.Targets.AsSpan(window * context));
        else _workspace.Targets[window] = text[start + context];
    }

    /// <summary>
    /// The mean loss over the measured stretches. A sequential model sees each in windows of its context, another one window before each character.
    /// </summary>
    private double Measure(byte[] text, CancellationToken cancellation)
    {
        var loss = 0.0;
        for (var stretch = 0; stretch < Corpus.Stretches; stretch += StretchesAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            var together = Math.Min(StretchesAtOnce, Corpus.Stretches - stretch);
            var windows = Corpus.StretchLength / (_settings.IsSequential ? _settings.Context : 1);
            for (var i = 0; i < together; i++)
            {
                var start = Corpus.StretchStart(text, stretch + i);
                for (var window = 0; window < windows; window++)
                {
                    var first = _settings.IsSequential ? start - 1 + (window * _settings.Context) : start - _settings.Context + window;
                    Fill(text, first, (i * windows) + window);
                }
            }

            loss += _model.Evaluate(together * Corpus.StretchLength);
        }

        return loss / (Corpus.Stretches * Corpus.StretchLength);
    }
}

namespace Hive.Research.Ml;

/// <summary>A character language model as settings describe it: layers over shared memory.</summary>
internal sealed class LanguageModel
{
    private readonly Workspace _workspace;
    private readonly List<Layer> _layers;
    private readonly CrossEntropy _loss;

    /// <summary>A model over a workspace, all parameters still to be initialised by its <see cref="LanguageModelBuilder"/>.</summary>
    internal LanguageModel(Workspace workspace, List<Layer> layers, Variable scores, CrossEntropy loss) =>
        (_workspace, _layers, Scores, _loss) = (workspace, layers, scores, loss);

    /// <summary>What the model made of each row: a column a character, whose softmax are the probabilities.</summary>
    public Variable Scores { get; }

    /// <summary>How many numbers are trained.</summary>
    public int ParameterCount => _workspace.Parameters.Length;

    /// <summary>The multiply-adds of training on one row: forward and backward.</summary>
    public long WorkPerRow => _layers.Sum(layer => layer.WorkPerRow) + _loss.WorkPerRow;

    /// <summary>Predicts the workspace's tokens and computes the gradient of the mean loss by every parameter.</summary>
    /// <param name="rows">How many rows are in use.</param>
    /// <returns>The mean loss in nats, without smoothing; not finite if the model has diverged.</returns>
    public double ComputeGradient(int rows)
    {
        _workspace.Parameters.UsedGradients.Clear();
        _workspace.Signals.UsedGradients.Clear();
        foreach (var layer in _layers) layer.Forward(rows, training: true);
        var loss = _loss.LossAndGradient(rows) / rows;
        for (var i = _layers.Count - 1; i >= 0; i--) _layers[i].Backward(rows);
        return loss;
    }

    /// <summary>Predicts the workspace's tokens.</summary>
    /// <param name="rows">How many rows are in use.</param>
    /// <returns>The sum of the losses in nats; not finite if the model has diverged.</returns>
    public double Evaluate(int rows)
    {
        foreach (var layer in _layers) layer.Forward(rows, training: false);
        return _loss.Loss(rows);
    }
}

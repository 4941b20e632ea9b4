namespace Hive.Research.Ml;

/// <summary>
/// One step of a model. Rows are examples, or the characters of sequences one after the other. <see cref="Backward"/> adds to the gradients of the layer's
/// inputs and parameters, which the model has cleared.
/// </summary>
internal abstract class Layer
{
    /// <summary>Computes the output's values from the input's.</summary>
    /// <param name="rows">How many rows are in use.</param>
    /// <param name="training">Whether <see cref="Backward"/> follows; what only training does (dropout) is done.</param>
    public abstract void Forward(int rows, bool training);

    /// <summary>Carries the output's gradient on to the inputs and parameters.</summary>
    /// <param name="rows">How many rows are in use.</param>
    public abstract void Backward(int rows);

    /// <summary>The multiply-adds of a forward and a backward pass over one row; an elementary function counts as eight.</summary>
    public abstract long WorkPerRow { get; }
}

using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Hive.Research.Ml;

/// <summary>A function of each value by itself.</summary>
internal interface IActivation
{
    /// <summary>The function's value and its derivative.</summary>
    static abstract (Vector256<float> Value, Vector256<float> Derivative) At(Vector256<float> x);
}

/// <summary>Applies a function to each value. The forward pass stores the derivative too, so that the backward pass is a product.</summary>
internal sealed class Activation<TFunction>(Variable input, Variable output, Variable derivative) : Layer
    where TFunction : IActivation
{
    /// <inheritdoc/>
    public override long WorkPerRow => 10L * input.Columns;

    /// <inheritdoc/>
    public override void Forward(int rows, bool training)
    {
        var x = input.Values(rows).Data;
        var y = output.Values(rows).Data;
        var slope = derivative.Values(rows).Data;
        for (var i = 0; i < x.Length; i += VectorMath.Lanes)
        {
            var (value, derived) = TFunction.At(VectorMath.Load(x, i));
            VectorMath.Store(value, y, i);
            VectorMath.Store(derived, slope, i);
        }
    }

    /// <inheritdoc/>
    public override void Backward(int rows)
    {
        var scratch = output.Gradients(rows).Data;
        TensorPrimitives.Multiply(scratch, derivative.Values(rows).Data, scratch);
        TensorPrimitives.Add(input.Gradients(rows).Data, scratch, input.Gradients(rows).Data);
    }
}

/// <summary>max(x, 0).</summary>
internal readonly struct Relu : IActivation
{
    /// <inheritdoc/>
    public static (Vector256<float> Value, Vector256<float> Derivative) At(Vector256<float> x)
    {
        var positive = Vector256.GreaterThan(x, Vector256<float>.Zero);
        var slope = Vector256.ConditionalSelect(positive, Vector256<float>.One, Vector256<float>.Zero);
        return (Vector256.ConditionalSelect(positive, x, Vector256<float>.Zero), slope);
    }
}

/// <summary>The hyperbolic tangent.</summary>
internal readonly struct Tanh : IActivation
{
    /// <inheritdoc/>
    public static (Vector256<float> Value, Vector256<float> Derivative) At(Vector256<float> x)
    {
        var y = VectorMath.Tanh(x);
        return (y, Vector256<float>.One - (y * y));
    }
}

/// <summary>1 / (1 + e⁻ˣ).</summary>
internal readonly struct Sigmoid : IActivation
{
    /// <inheritdoc/>
    public static (Vector256<float> Value, Vector256<float> Derivative) At(Vector256<float> x)
    {
        var y = VectorMath.Sigmoid(x);
        return (y, y * (Vector256<float>.One - y));
    }
}

/// <summary>x / (1 + e⁻ˣ).</summary>
internal readonly struct Silu : IActivation
{
    /// <inheritdoc/>
    public static (Vector256<float> Value, Vector256<float> Derivative) At(Vector256<float> x)
    {
        var s = VectorMath.Sigmoid(x);
        return (x * s, s * (Vector256<float>.One + (x * (Vector256<float>.One - s))));
    }
}

/// <summary>x Φ(x) by its tanh form, ½x (1 + tanh(√(2/π) (x + 0.044715 x³))) (Hendrycks and Gimpel, 2016).</summary>
internal readonly struct Gelu : IActivation
{
    /// <inheritdoc/>
    public static (Vector256<float> Value, Vector256<float> Derivative) At(Vector256<float> x)
    {
        const float Root = 0.79788456f;
        const float Cubic = 0.044715f;
        var half = Vector256.Create(0.5f);
        var square = x * x;
        var t = VectorMath.Tanh(x * (Vector256.Create(Root) + (square * (Root * Cubic))));
        var inner = Vector256.Create(Root) + (square * (3 * Root * Cubic));
        var left = half + (half * t);
        return (x * left, left + (half * x * (Vector256<float>.One - (t * t)) * inner));
    }
}

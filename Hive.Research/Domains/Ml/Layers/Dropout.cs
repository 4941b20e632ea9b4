using System.Numerics.Tensors;
using Hive.Randomness;

namespace Hive.Research.Ml;

/// <summary>Zeroes each value with a probability while training, and scales the others so that the mean stays (Srivastava et al., 2014).</summary>
internal sealed class Dropout : Layer
{
    private readonly Variable _input;
    private readonly Variable _output;
    private readonly Variable _mask;
    private readonly SeededRandom _random;
    private readonly int _threshold;

    /// <summary>A dropout with a probability in steps of 1/256, so that one random byte decides.</summary>
    public Dropout(Variable input, Variable output, Variable mask, double probability, SeededRandom random)
    {
        (_input, _output, _mask, _random) = (input, output, mask, random);
        _threshold = Threshold(probability);
    }

    /// <inheritdoc/>
    public override long WorkPerRow => 4L * _input.Columns;

    /// <summary>How many of 256 bytes drop a value.</summary>
    public static int Threshold(double probability) => (int)Math.Round(probability * 256);

    /// <inheritdoc/>
    public override void Forward(int rows, bool training)
    {
        var result = _output.Values(rows).Data;
        if (!training)
        {
            _input.Values(rows).Data.CopyTo(result);
            return;
        }

        var mask = _mask.Values(rows).Data;
        DrawMask(mask);
        TensorPrimitives.Multiply(_input.Values(rows).Data, mask, result);
    }

    /// <inheritdoc/>
    public override void Backward(int rows)
    {
        var scratch = _output.Gradients(rows).Data;
        TensorPrimitives.Multiply(scratch, _mask.Values(rows).Data, scratch);
        TensorPrimitives.Add(_input.Gradients(rows).Data, scratch, _input.Gradients(rows).Data);
    }

    private void DrawMask(Span<float> mask)
    {
        var kept = 256f / (256 - _threshold);
        for (var i = 0; i < mask.Length; i += sizeof(ulong))
        {
            var bits = _random.NextBits();
            foreach (ref var value in mask.Slice(i, sizeof(ulong)))
            {
                value = (int)(bits & 0xFF) < _threshold ? 0 : kept;
                bits >>= 8;
            }
        }
    }
}

using System.Runtime.Intrinsics;
using FsCheck;
using FsCheck.Fluent;
using Hive.Randomness;
using Hive.Research.Ml;

namespace Hive.Research.Tests.Ml;

public sealed class NumericsTests
{
    [Fact]
    public void A_product_has_the_bits_of_its_definition_whatever_its_shape_and_strides() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var (rows, inner, columns) = (1 + random.NextInt(11), 1 + random.NextInt(20), 8 * (1 + random.NextInt(5)));
        var (isTransposed, isAdded) = (random.NextChance(0.5), random.NextChance(0.5));
        var (padA, padB, padC) = (random.NextInt(4), random.NextInt(4), random.NextInt(4));
        var a = isTransposed ? View(random, inner, rows, padA).Transposed : View(random, rows, inner, padA);
        var b = View(random, inner, columns, padB);
        var c = View(random, rows, columns, padC);
        var expected = new float[rows, columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                expected[i, j] = isAdded ? c.Row(i)[j] : 0;
                for (var k = 0; k < inner; k++)
                {
                    var left = a.Data[(i * a.RowStride) + (k * a.ColumnStride)];
                    expected[i, j] = MathF.FusedMultiplyAdd(left, b.Row(k)[j], expected[i, j]);
                }
            }
        }

        MatrixProduct.Multiply(a, b, c, isAdded);
        var isSame = true;
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++) isSame &= c.Row(i)[j] == expected[i, j];
        }

        return isSame;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(Zeros(2, 3), Zeros(2, 8), Zeros(2, 8), add: false));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(Zeros(2, 2), Zeros(2, 7), Zeros(2, 7), add: false));
        Assert.Throws<ArgumentException>(() => new MatrixView(new float[15], 2, 8, 8));

        static MatrixView Zeros(int rows, int columns) => new(new float[rows * columns], rows, columns, columns);
    }

    [Fact]
    public void Elementary_functions_are_those_of_mathematics()
    {
        for (var x = -20f; x <= 20; x += 0.0137f)
        {
            Assert.InRange(At(VectorMath.Exp, x) / Math.Exp(x), 1 - 4e-7, 1 + 4e-7);
            Assert.InRange(At(VectorMath.Tanh, x) - Math.Tanh(x), -2e-7, 2e-7);
            Assert.InRange(At(VectorMath.Sigmoid, x) - (1 / (1 + Math.Exp(-x))), -2e-7, 2e-7);
            Assert.InRange(VectorMath.Log(Math.Exp(x)) - Math.Log(Math.Exp(x)), -1e-13, 1e-13);
        }

        for (var t = 0.0; t <= 1; t += 0.001) Assert.InRange(VectorMath.CosineOfHalfTurns(t) - Math.Cos(Math.PI * t), -1e-14, 1e-14);
        Assert.True(float.IsNaN(At(VectorMath.Exp, float.NaN)));
        Assert.True(float.IsFinite(At(VectorMath.Exp, float.PositiveInfinity)));
    }

    [Fact]
    public void Sums_take_every_element() => Prop.ForAll<ulong>(seed =>
    {
        var random = new SeededRandom(seed);
        var (a, b) = (new float[8 * (1 + random.NextInt(6))], Array.Empty<float>());
        foreach (ref var x in a.AsSpan()) x = random.NextInt(64) - 32;
        b = [.. a.Select(x => x * 2)];
        return VectorMath.Sum(a) == a.Sum() && VectorMath.SumOfSquares(a) == a.Sum(x => x * x) && VectorMath.Dot(a, b) == a.Sum(x => 2 * x * x)
            && VectorMath.Max(VectorMath.Load(a, 0)) == a.Take(8).Max();
    }).QuickCheckThrowOnFailure();

    private static float At(Func<Vector256<float>, Vector256<float>> function, float x) => function(Vector256.Create(x)).GetElement(3);

    private static MatrixView View(SeededRandom random, int rows, int columns, int padding)
    {
        var data = new float[rows * (columns + padding)];
        foreach (ref var x in data.AsSpan()) x = (float)random.NextGaussian();
        return new MatrixView(data, rows, columns, columns + padding);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hive.Research.Ml;

/// <summary>
/// C = A B, or C += A B. Every element is one chain of fused multiply-adds over the inner index in ascending order, so the result has the same bits whatever
/// the tiles and the hardware. Tiles of four rows by sixteen columns stay in registers.
/// </summary>
internal static class MatrixProduct
{
    private const int Lanes = VectorMath.Lanes;

    /// <summary>Multiplies.</summary>
    /// <param name="a">The left factor, stored by rows or transposed.</param>
    /// <param name="b">The right factor, stored by rows; its columns are a multiple of eight.</param>
    /// <param name="c">Receives the product; stored by rows.</param>
    /// <param name="add">Whether the product is added to what is there.</param>
    public static void Multiply(MatrixView a, MatrixView b, MatrixView c, bool add)
    {
        if (a.Columns != b.Rows || a.Rows != c.Rows || b.Columns != c.Columns) throw new ArgumentException("the shapes do not fit");
        if (b.ColumnStride != 1 || c.ColumnStride != 1 || b.Columns % Lanes != 0)
        {
            throw new ArgumentException("right factor and product are stored by rows of whole vectors");
        }

        if (a.Columns == 0) return;
        ref var a0 = ref MemoryMarshal.GetReference(a.Data);
        ref var b0 = ref MemoryMarshal.GetReference(b.Data);
        ref var c0 = ref MemoryMarshal.GetReference(c.Data);
        var column = 0;
        for (; column + (2 * Lanes) <= b.Columns; column += 2 * Lanes)
        {
            ref var bColumn = ref Unsafe.Add(ref b0, column);
            ref var cColumn = ref Unsafe.Add(ref c0, column);
            var row = 0;
            for (; row + 4 <= a.Rows; row += 4)
            {
                ref var aRow = ref Unsafe.Add(ref a0, row * a.RowStride);
                ref var cRow = ref Unsafe.Add(ref cColumn, row * c.RowStride);
                FourBySixteen(ref aRow, a.RowStride, a.ColumnStride, ref bColumn, b.RowStride, ref cRow, c.RowStride, a.Columns, add);
            }

            for (; row < a.Rows; row++)
            {
                ref var aRow = ref Unsafe.Add(ref a0, row * a.RowStride);
                ref var cRow = ref Unsafe.Add(ref cColumn, row * c.RowStride);
                OneByEight(ref aRow, a.ColumnStride, ref bColumn, b.RowStride, ref cRow, a.Columns, add);
                OneByEight(ref aRow, a.ColumnStride, ref Unsafe.Add(ref bColumn, Lanes), b.RowStride, ref Unsafe.Add(ref cRow, Lanes), a.Columns, add);
            }
        }

        if (column == b.Columns) return;
        for (var row = 0; row < a.Rows; row++)
        {
            ref var aRow = ref Unsafe.Add(ref a0, row * a.RowStride);
            ref var cRow = ref Unsafe.Add(ref c0, (row * c.RowStride) + column);
            OneByEight(ref aRow, a.ColumnStride, ref Unsafe.Add(ref b0, column), b.RowStride, ref cRow, a.Columns, add);
        }
    }

    private static void FourBySixteen(ref float a, nint aRow, nint aStep, ref float b, nint bStep, ref float c, nint cRow, int depth, bool add)
    {
        ref var c1 = ref Unsafe.Add(ref c, cRow);
        ref var c2 = ref Unsafe.Add(ref c1, cRow);
        ref var c3 = ref Unsafe.Add(ref c2, cRow);
        Vector256<float> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
        if (add)
        {
            (s00, s01) = (Vector256.LoadUnsafe(ref c), Vector256.LoadUnsafe(ref c, Lanes));
            (s10, s11) = (Vector256.LoadUnsafe(ref c1), Vector256.LoadUnsafe(ref c1, Lanes));
            (s20, s21) = (Vector256.LoadUnsafe(ref c2), Vector256.LoadUnsafe(ref c2, Lanes));
            (s30, s31) = (Vector256.LoadUnsafe(ref c3), Vector256.LoadUnsafe(ref c3, Lanes));
        }

        var (twoRows, threeRows) = (2 * aRow, 3 * aRow);
        for (var k = 0; k < depth; k++)
        {
            var left = Vector256.LoadUnsafe(ref b);
            var right = Vector256.LoadUnsafe(ref b, Lanes);
            var x = Vector256.Create(a);
            s00 = Vector256.FusedMultiplyAdd(x, left, s00);
            s01 = Vector256.FusedMultiplyAdd(x, right, s01);
            x = Vector256.Create(Unsafe.Add(ref a, aRow));
            s10 = Vector256.FusedMultiplyAdd(x, left, s10);
            s11 = Vector256.FusedMultiplyAdd(x, right, s11);
            x = Vector256.Create(Unsafe.Add(ref a, twoRows));
            s20 = Vector256.FusedMultiplyAdd(x, left, s20);
            s21 = Vector256.FusedMultiplyAdd(x, right, s21);
            x = Vector256.Create(Unsafe.Add(ref a, threeRows));
            s30 = Vector256.FusedMultiplyAdd(x, left, s30);
            s31 = Vector256.FusedMultiplyAdd(x, right, s31);
            a = ref Unsafe.Add(ref a, aStep);
            b = ref Unsafe.Add(ref b, bStep);
        }

        s00.StoreUnsafe(ref c);
        s01.StoreUnsafe(ref c, Lanes);
        s10.StoreUnsafe(ref c1);
        s11.StoreUnsafe(ref c1, Lanes);
        s20.StoreUnsafe(ref c2);
        s21.StoreUnsafe(ref c2, Lanes);
        s30.StoreUnsafe(ref c3);
        s31.StoreUnsafe(ref c3, Lanes);
    }

    private static void OneByEight(ref float a, nint aStep, ref float b, nint bStep, ref float c, int depth, bool add)
    {
        var sum = add ? Vector256.LoadUnsafe(ref c) : default;
        for (var k = 0; k < depth; k++)
        {
            sum = Vector256.FusedMultiplyAdd(Vector256.Create(a), Vector256.LoadUnsafe(ref b), sum);
            a = ref Unsafe.Add(ref a, aStep);
            b = ref Unsafe.Add(ref b, bStep);
        }

        sum.StoreUnsafe(ref c);
    }
}

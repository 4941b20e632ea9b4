using System.Text;

namespace Hive.Wasm.Text;

/// <summary>Reads the number and vector literals that constants and expected values are made of.</summary>
internal static class LiteralParser
{
    public static ulong Integer(TokenReader reader, int bits)
    {
        Require(reader, IntegerLiteral.Integer(Text(reader), bits, out var value), $"an i{bits} constant");
        reader.Advance();
        return value;
    }

    public static uint Float32(TokenReader reader)
    {
        Require(reader, FloatLiteral.Float32(Text(reader), out var bits), "an f32 constant");
        reader.Advance();
        return bits;
    }

    public static ulong Float64(TokenReader reader)
    {
        Require(reader, FloatLiteral.Float64(Text(reader), out var bits), "an f64 constant");
        reader.Advance();
        return bits;
    }

    /// <summary>A shape such as <c>i32x4</c> and as many numbers as it has lanes, written as 16 bytes.</summary>
    public static void Vector(TokenReader reader, ByteWriter target)
    {
        var (lanes, write) = Shape(reader);
        for (var lane = 0; lane < lanes; lane++)
        {
            write(reader, target);
        }
    }

    /// <summary>Reads the shape: its number of lanes, and what reads one lane and writes its bytes.</summary>
    public static (int Lanes, Action<TokenReader, ByteWriter> Write) Shape(TokenReader reader)
    {
        (int, Action<TokenReader, ByteWriter>) shape = Encoding.ASCII.GetString(Text(reader)) switch
        {
            "i8x16" => (16, (r, w) => w.Byte((byte)Integer(r, 8))),
            "i16x8" => (8, (r, w) => LittleEndian16(w, (ushort)Integer(r, 16))),
            "i32x4" => (4, (r, w) => w.LittleEndian32((uint)Integer(r, 32))),
            "i64x2" => (2, (r, w) => w.LittleEndian64(Integer(r, 64))),
            "f32x4" => (4, (r, w) => w.LittleEndian32(Float32(r))),
            "f64x2" => (2, (r, w) => w.LittleEndian64(Float64(r))),
            _ => throw reader.Unexpected("a vector shape: i8x16, i16x8, i32x4, i64x2, f32x4 or f64x2"),
        };
        reader.Advance();
        return shape;
    }

    private static void LittleEndian16(ByteWriter target, ushort value)
    {
        target.Byte((byte)value);
        target.Byte((byte)(value >> 8));
    }

    private static ReadOnlySpan<byte> Text(TokenReader reader) => reader.At(TokenKind.Atom) ? reader.Text(reader.Current) : default;

    private static void Require(TokenReader reader, LiteralStatus status, string expected)
    {
        if (status == LiteralStatus.Malformed)
        {
            throw reader.Unexpected(expected);
        }

        if (status == LiteralStatus.OutOfRange)
        {
            throw reader.Source.Error(reader.Current.Start, $"constant out of range: `{reader.Source.Show(reader.Current)}` is not {expected}");
        }
    }
}

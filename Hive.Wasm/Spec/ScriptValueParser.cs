using System.Buffers.Binary;
using System.Text;
using Hive.Wasm.Text;

namespace Hive.Wasm.Spec;

/// <summary>Reads the values that scripts pass as arguments and the patterns that they expect as results.</summary>
internal sealed class ScriptValueParser
{
    /// <summary>A constant: <c>(i32.const 1)</c>, <c>(v128.const i32x4 1 2 3 4)</c>, <c>(ref.null func)</c>, <c>(ref.extern 1)</c>.</summary>
    public ScriptValue Value(TokenReader reader) => Pattern(reader) switch
    {
        ExactPattern { AnyReference: false } exact => exact.Value,
        LanePattern pattern when pattern.Lanes.All(l => l.Rule == LaneRule.Bits) => Value(pattern),
        _ => throw reader.Unexpected("a constant before it; a class of values is no argument"),
    };

    /// <summary>A result: a constant, one with classes of NaN, a class of references, or <c>(either …)</c>.</summary>
    public ValuePattern Pattern(TokenReader reader)
    {
        reader.OpenParenthesis();
        var word = reader.Keyword("a constant");
        ValuePattern pattern = Encoding.ASCII.GetString(reader.Text(word)) switch
        {
            "i32.const" => new ExactPattern(new ScriptValue(ScriptType.I32, LiteralParser.Integer(reader, 32))),
            "i64.const" => new ExactPattern(new ScriptValue(ScriptType.I64, LiteralParser.Integer(reader, 64))),
            "f32.const" => new LanePattern(ScriptType.F32, 32, true, [FloatLane(reader, 32)]),
            "f64.const" => new LanePattern(ScriptType.F64, 64, true, [FloatLane(reader, 64)]),
            "v128.const" => Vector(reader),
            "ref.null" => new ExactPattern(new ScriptValue(ScriptType.NullReference, 0, 0, HeapType(reader))),
            "ref.extern" or "ref.host" => Reference(reader, ScriptType.HostReference),
            "ref.func" => Reference(reader, ScriptType.FunctionReference),
            "ref.any" or "ref.eq" or "ref.i31" or "ref.struct" or "ref.array" => Reference(reader, ScriptType.CollectedReference),
            "either" => Either(reader),
            _ => throw reader.Source.Error(word.Start, $"unknown constant `{reader.Source.Show(word)}`"),
        };
        reader.Close();
        return pattern;
    }

    private EitherPattern Either(TokenReader reader)
    {
        var choices = new List<ValuePattern>();
        while (reader.At(TokenKind.LeftParenthesis))
        {
            // `either` holds plain results only, so that scripts cannot nest without end.
            choices.Add(reader.AtOpen("either"u8) ? throw reader.Unexpected("a result that is not `either`") : Pattern(reader));
        }

        return new EitherPattern(choices);
    }

    private static string HeapType(TokenReader reader) =>
        reader.At(TokenKind.RightParenthesis) ? "" : reader.Source.Show(reader.Advance());

    private static ExactPattern Reference(TokenReader reader, ScriptType type)
    {
        var numbered = reader.AtNatural();
        return new ExactPattern(new ScriptValue(type, numbered ? reader.Unsigned32("the number of a reference") : 0), AnyReference: !numbered);
    }

    private static ValuePattern Vector(TokenReader reader)
    {
        var shape = reader.At(TokenKind.Atom) ? Encoding.ASCII.GetString(reader.Text(reader.Current)) : "";
        if (shape is "f32x4" or "f64x2")
        {
            reader.Advance();
            var bits = shape == "f32x4" ? 32 : 64;
            return new LanePattern(ScriptType.V128, bits, true, [.. Enumerable.Range(0, 128 / bits).Select(_ => FloatLane(reader, bits))]);
        }

        var bytes = new ByteWriter();
        LiteralParser.Vector(reader, bytes);
        return new ExactPattern(new ScriptValue(
            ScriptType.V128, BinaryPrimitives.ReadUInt64LittleEndian(bytes.Written), BinaryPrimitives.ReadUInt64LittleEndian(bytes.Written[8..])));
    }

    private static (LaneRule Rule, ulong Bits) FloatLane(TokenReader reader, int bits) =>
        reader.TryKeyword("nan:canonical"u8) ? (LaneRule.CanonicalNan, 0)
        : reader.TryKeyword("nan:arithmetic"u8) ? (LaneRule.ArithmeticNan, 0)
        : (LaneRule.Bits, bits == 32 ? LiteralParser.Float32(reader) : LiteralParser.Float64(reader));

    private static ScriptValue Value(LanePattern pattern)
    {
        var perHalf = 64 / pattern.LaneBits;
        ulong Half(int first) => Enumerable.Range(0, Math.Min(perHalf, pattern.Lanes.Count - first))
            .Aggregate(0UL, (half, i) => half | (pattern.Lanes[first + i].Bits << (i * pattern.LaneBits)));
        return new ScriptValue(pattern.Type, Half(0), pattern.Lanes.Count > perHalf ? Half(perHalf) : 0);
    }
}

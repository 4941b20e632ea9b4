namespace Hive.Wasm.Tests.Fuzz.Reference;

/// <summary>What a numeric instruction takes, gives and computes.</summary>
internal sealed record NumericOperation(IReadOnlyList<ValueKind> Operands, ValueKind Result, Func<Cell[], Cell> Apply)
{
    /// <summary>The operation that a mnemonic of the text format names; null if it is no numeric instruction without immediates.</summary>
    public static NumericOperation? For(string mnemonic)
    {
        var dot = mnemonic.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? null : mnemonic[..dot] switch
        {
            "i32" => Integer(ValueKind.I32, 32, mnemonic[(dot + 1)..]),
            "i64" => Integer(ValueKind.I64, 64, mnemonic[(dot + 1)..]),
            "f32" => Float(ValueKind.F32, 32, mnemonic[(dot + 1)..]),
            "f64" => Float(ValueKind.F64, 64, mnemonic[(dot + 1)..]),
            "v128" or "i8x16" or "i16x8" or "i32x4" or "i64x2" or "f32x4" or "f64x2" => VectorOperations.For(mnemonic[..dot], mnemonic[(dot + 1)..]),
            _ => null,
        };
    }

    private static NumericOperation? Integer(ValueKind kind, int width, string name)
    {
        if (name == "eqz")
        {
            return new NumericOperation([kind], ValueKind.I32, c => Cell.I32(c[0].Word == 0 ? 1u : 0));
        }

        return IntegerArithmetic.Comparison(name, width) is { } comparison ? Compare(kind, comparison)
            : IntegerArithmetic.Unary(name, width) is { } unary ? new NumericOperation([kind], kind, c => Cell.Of(kind, unary(c[0].Word)))
            : IntegerArithmetic.Binary(name, width) is { } binary ? new NumericOperation([kind, kind], kind, c => Cell.Of(kind, binary(c[0].Word, c[1].Word)))
            : Conversion(kind, width, name);
    }

    private static NumericOperation? Float(ValueKind kind, int width, string name) =>
        FloatArithmetic.Comparison(name, width) is { } comparison ? Compare(kind, comparison)
        : FloatArithmetic.Unary(name, width) is { } unary ? new NumericOperation([kind], kind, c => Cell.Of(kind, unary(c[0].Word)))
        : FloatArithmetic.Binary(name, width) is { } binary ? new NumericOperation([kind, kind], kind, c => Cell.Of(kind, binary(c[0].Word, c[1].Word)))
        : Conversion(kind, width, name);

    private static NumericOperation Compare(ValueKind kind, Func<ulong, ulong, bool> comparison) =>
        new([kind, kind], ValueKind.I32, c => Cell.I32(comparison(c[0].Word, c[1].Word) ? 1u : 0));

    private static NumericOperation? Conversion(ValueKind kind, int width, string name)
    {
        NumericOperation From(ValueKind source, Func<ulong, ulong> convert) => new([source], kind, c => Cell.Of(kind, convert(c[0].Word)));
        var parts = name.Split('_');
        var signed = name.EndsWith("_s", StringComparison.Ordinal);
        switch (parts)
        {
            case ["wrap", "i64"]:
                return From(ValueKind.I64, a => a & 0xFFFF_FFFF);
            case ["extend", "i32", _]:
                return From(ValueKind.I32, a => signed ? IntegerArithmetic.Wrap(64, IntegerArithmetic.Signed(32, a)) : a);
            case ["reinterpret", "f32" or "i32" or "f64" or "i64"]:
                return From(Kind(parts[1]), a => a);
            case ["demote", "f64"] or ["promote", "f32"]:
                return From(Kind(parts[1]), a => FloatArithmetic.Write(width, FloatArithmetic.Read(96 - width, a)));
            case ["trunc", "f32" or "f64", _]:
                return From(Kind(parts[1]), a => FloatArithmetic.Truncate(Width(parts[1]), a, width, signed));
            case ["trunc", "sat", "f32" or "f64", _]:
                return From(Kind(parts[2]), a => FloatArithmetic.TruncateSaturating(Width(parts[2]), a, width, signed));
            case ["convert", "i32" or "i64", _]:
                var source = Width(parts[1]);
                return From(Kind(parts[1]), a => FloatArithmetic.Convert(width, signed ? IntegerArithmetic.Signed(source, a) : a));
            default:
                return null;
        }
    }

    private static int Width(string type) => type.EndsWith("32", StringComparison.Ordinal) ? 32 : 64;

    private static ValueKind Kind(string type) => type switch
    {
        "i32" => ValueKind.I32,
        "i64" => ValueKind.I64,
        "f32" => ValueKind.F32,
        _ => ValueKind.F64,
    };
}

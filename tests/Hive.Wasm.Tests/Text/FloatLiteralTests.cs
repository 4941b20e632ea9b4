using System.Globalization;
using System.Numerics;
using System.Text;
using Hive.Wasm.Text;

namespace Hive.Wasm.Tests.Text;

public class FloatLiteralTests
{
    private const int Seed = 7919;

    [Fact]
    public void Every_double_written_in_full_reads_back_as_itself()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 20_000; i++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (double.IsFinite(value))
            {
                Assert.Equal(BitConverter.DoubleToUInt64Bits(value), Double(value.ToString("R", CultureInfo.InvariantCulture)));
                Assert.Equal(BitConverter.DoubleToUInt64Bits(value), Double(Hexadecimal(value)));
            }
        }
    }

    [Fact]
    public void Literals_are_rounded_once_to_the_nearest_and_ties_to_even()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 20_000; i++)
        {
            var text = RandomLiteral(random);
            var (numerator, denominator) = Exact(text);
            Assert.True(Rounded(numerator, denominator, 24, -149, 127) is { } f ? f == (ulong)Single(text) : Refuses(text, 32), $"{text} as f32, seed {Seed}");
            Assert.True(Rounded(numerator, denominator, 53, -1074, 1023) is { } d ? d == Double(text) : Refuses(text, 64), $"{text} as f64, seed {Seed}");
        }
    }

    [Theory]
    [InlineData("0x1.000001p0", 0x3F80_0000u)]
    [InlineData("0x1.0000010000000000000000000001p0", 0x3F80_0001u)]
    [InlineData("0x1.000003p0", 0x3F80_0002u)]
    [InlineData("0x1p-149", 1u)]
    [InlineData("0x1p-150", 0u)]
    [InlineData("0x1.8p-150", 1u)]
    [InlineData("-0x0p+99999999999999999999", 0x8000_0000u)]
    [InlineData("0x1.fffffefp127", 0x7F7F_FFFFu)]
    [InlineData("1_0.2_5e-1_0", 0x308C_DFFBu)]
    [InlineData("nan", 0x7FC0_0000u)]
    [InlineData("-nan:0x7f_ffff", 0xFFFF_FFFFu)]
    [InlineData("+inf", 0x7F80_0000u)]
    public void Known_literals_have_their_bits(string text, uint bits) => Assert.Equal(bits, Single(text));

    [Fact]
    public void Long_runs_of_zeros_and_huge_exponents_cancel()
    {
        var zeros = new string('0', 5000);
        Assert.Equal(BitConverter.DoubleToUInt64Bits(1), Double("0." + zeros + "1e5001"));
        Assert.Equal(BitConverter.DoubleToUInt64Bits(1), Double("1" + zeros + "e-5000"));
        Assert.Equal(BitConverter.DoubleToUInt64Bits(1), Double("0x0." + zeros + "1p20004"));
        Assert.Equal(0UL, Double("1e-99999999999999999999999"));
        Assert.True(Refuses("1e99999999999999999999999", 64));
    }

    [Theory]
    [InlineData("1_")]
    [InlineData("_1")]
    [InlineData("1__0")]
    [InlineData(".5")]
    [InlineData("1e")]
    [InlineData("0x")]
    [InlineData("0x1.p")]
    [InlineData("1.0e+")]
    [InlineData("0x1e5p1e2")]
    [InlineData("nan:1")]
    [InlineData("infinity")]
    [InlineData("--1")]
    [InlineData("1.5f")]
    public void What_is_no_literal_is_refused(string text) =>
        Assert.Equal(LiteralStatus.Malformed, FloatLiteral.Float64(Encoding.ASCII.GetBytes(text), out _));

    private static ulong Double(string text)
    {
        Assert.Equal(LiteralStatus.Parsed, FloatLiteral.Float64(Encoding.ASCII.GetBytes(text), out var bits));
        return bits;
    }

    private static uint Single(string text)
    {
        Assert.Equal(LiteralStatus.Parsed, FloatLiteral.Float32(Encoding.ASCII.GetBytes(text), out var bits));
        return bits;
    }

    private static bool Refuses(string text, int bits) => LiteralStatus.OutOfRange
        == (bits == 32 ? FloatLiteral.Float32(Encoding.ASCII.GetBytes(text), out _) : FloatLiteral.Float64(Encoding.ASCII.GetBytes(text), out _));

    private static string Hexadecimal(double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        var (fraction, exponent) = (bits & ((1UL << 52) - 1), (int)((bits >> 52) & 0x7FF));
        var sign = double.IsNegative(value) ? "-" : "";
        return exponent == 0 ? $"{sign}0x0.{fraction:x13}p-1022" : $"{sign}0x1.{fraction:X13}P{exponent - 1023:+0;-0}";
    }

    private static string RandomLiteral(Random random)
    {
        var hexadecimal = random.Next(2) == 0;
        var digits = new string([.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => "0123456789abcdef"[random.Next(hexadecimal ? 16 : 10)])]);
        var point = random.Next(digits.Length);
        var range = random.Next(3) switch { 0 => 20, 1 => hexadecimal ? 160 : 48, _ => hexadecimal ? 1150 : 340 };
        return $"{(hexadecimal ? "0x" : "")}{digits[..(point + 1)]}.{digits[(point + 1)..]}{(hexadecimal ? 'p' : 'e')}{random.Next(-range, range)}";
    }

    private static (BigInteger Numerator, BigInteger Denominator) Exact(string text)
    {
        var hexadecimal = text.StartsWith("0x", StringComparison.Ordinal);
        var parts = text[(hexadecimal ? 2 : 0)..].Split(hexadecimal ? 'p' : 'e');
        var exponent = int.Parse(parts[1], CultureInfo.InvariantCulture);
        var fraction = parts[0].Length - parts[0].IndexOf('.', StringComparison.Ordinal) - 1;
        var digits = parts[0].Replace(".", "", StringComparison.Ordinal)
            .Aggregate(BigInteger.Zero, (n, c) => (n * (hexadecimal ? 16 : 10)) + Convert.ToInt32(c.ToString(), 16));
        var scale = BigInteger.Pow(hexadecimal ? 16 : 10, fraction);
        var power = BigInteger.Pow(hexadecimal ? 2 : 10, Math.Abs(exponent));
        return exponent >= 0 ? (digits * power, scale) : (digits, scale * power);
    }

    // The textbook definition in exact arithmetic: the significand is the quotient at the right scale, rounded half to even.
    private static ulong? Rounded(BigInteger numerator, BigInteger denominator, int precision, int leastExponent, int greatestExponent)
    {
        if (numerator.IsZero)
        {
            return 0;
        }

        var exponent = (int)(numerator.GetBitLength() - denominator.GetBitLength());
        exponent -= numerator * Power(-exponent) < denominator * Power(exponent) ? 1 : 0;
        var unit = Math.Max(exponent - precision + 1, leastExponent);
        var (scaledNumerator, scaledDenominator) = (numerator * Power(-unit), denominator * Power(unit));
        var quotient = BigInteger.DivRem(scaledNumerator, scaledDenominator, out var remainder);
        var comparison = (remainder * 2).CompareTo(scaledDenominator);
        quotient += comparison > 0 || (comparison == 0 && !quotient.IsEven) ? 1 : 0;
        if (quotient == BigInteger.One << precision)
        {
            (quotient, unit) = (quotient >> 1, unit + 1);
        }

        var hidden = BigInteger.One << (precision - 1);
        if (quotient < hidden)
        {
            return (ulong)quotient;
        }

        var biased = unit - leastExponent + 1;
        return unit + precision - 1 > greatestExponent ? null : ((ulong)biased << (precision - 1)) + (ulong)(quotient - hidden);
    }

    private static BigInteger Power(int exponent) => exponent > 0 ? BigInteger.One << exponent : BigInteger.One;
}

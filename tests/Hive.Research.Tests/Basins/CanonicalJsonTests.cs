using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hive.Basins;

namespace Hive.Research.Tests.Basins;

/// <summary>The vectors are those of RFC 8785: its sections 3.2.2 and 3.2.3 and its appendix B.</summary>
public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData(0x0000000000000000, "0")]
    [InlineData(0x8000000000000000, "0")]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffff, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0xc340000000000000, "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555554, "333333333.33333325")]
    [InlineData(0x41b3de4355555555, "333333333.3333333")]
    [InlineData(0x41b3de4355555556, "333333333.3333334")]
    [InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void Numbers_are_written_as_the_rfc_lists_them(ulong bits, string expected) => Assert.Equal(expected, Text(BitConverter.UInt64BitsToDouble(bits)));

    [Theory]
    [InlineData(0x7fffffffffffffff)]
    [InlineData(0x7ff0000000000000)]
    public void What_is_no_number_is_refused(ulong bits) => Assert.Throws<FormatException>(() => Text(BitConverter.UInt64BitsToDouble(bits)));

    [Fact]
    public void Numbers_read_back_as_what_they_were() => Prop.ForAll<ulong>(bits =>
    {
        var value = BitConverter.UInt64BitsToDouble(bits * 0x9E3779B97F4A7C15);
        if (double.IsFinite(value)) Assert.Equal(value, double.Parse(Text(value), System.Globalization.CultureInfo.InvariantCulture));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_example_of_the_rfc_becomes_its_canonical_form() => Assert.Equal(
        """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""",
        Canonical("""
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """));

    [Fact]
    public void Members_are_sorted_by_their_utf16_code_units() => Assert.Equal(
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\u007f\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"\U0001F600\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
        Canonical("""
            {
              "\u20ac": "Euro Sign",
              "\r": "Carriage Return",
              "\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face",
              "\u0080": "Control\u007f",
              "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """));

    [Fact]
    public void What_is_canonical_stays_as_it_is()
    {
        var canonical = Canonical("""{"b":[1,2,{"z":-0,"a":"x"}],"a":1e3}""");
        Assert.Equal("""{"a":1000,"b":[1,2,{"a":"x","z":0}]}""", canonical);
        Assert.Equal(canonical, Canonical(canonical));
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("[1e999]")]
    [InlineData("[NaN]")]
    [InlineData("""["\ud800"]""")]
    [InlineData("{")]
    [InlineData("")]
    public void What_has_no_canonical_form_is_refused(string json) => Assert.Throws<FormatException>(() => Canonical(json));

    private static string Canonical(string json) => Encoding.UTF8.GetString(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json)));

    private static string Text(double value)
    {
        Span<byte> text = stackalloc byte[EcmaScriptNumber.MaxLength];
        return Encoding.ASCII.GetString(text[..EcmaScriptNumber.Write(value, text)]);
    }
}

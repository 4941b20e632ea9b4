using System.Collections.Frozen;
using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;

namespace Hive.Engine.Tests.Embedded.Wire;

public sealed class RoundTripTests
{
    [Fact]
    public void Every_number_comes_back_as_it_was()
    {
        Holds<bool>();
        Holds<byte>();
        Holds<sbyte>();
        Holds<short>();
        Holds<ushort>();
        Holds<int>();
        Holds<uint>();
        Holds<long>();
        Holds<ulong>();
        Holds<char>();
        Holds<float>();
        Holds<double>();
        Holds<decimal>();
        foreach (var value in new[] { long.MinValue, long.MaxValue, 0, -1, 1, 63, 64, -64, -65 }) Assert.Equal(value, WireRig.Copy(value));
        foreach (var value in new[] { double.NaN, double.NegativeInfinity, -0.0, double.Epsilon, double.MaxValue })
        {
            Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(WireRig.Copy(value)));
        }

        foreach (var value in new[] { decimal.MinValue, decimal.MaxValue, 0.00m, 1e-28m }) Assert.Equal(value.ToString(), WireRig.Copy(value).ToString());
        Assert.Equal(Int128.MinValue, WireRig.Copy(Int128.MinValue));
        Assert.Equal(UInt128.MaxValue, WireRig.Copy(UInt128.MaxValue));
    }

    private static void Holds<T>() => Prop.ForAll<T>(ArbMap.Default.ArbFor<T>(), value => EqualityComparer<T>.Default.Equals(WireRig.Copy(value), value)).QuickCheckThrowOnFailure();
}

using FsCheck;
using FsCheck.Fluent;
using Hive.Tools.Transport;

namespace Hive.Tools.Tests;

/// <summary>How much of a server's words is read before they are understood.</summary>
public sealed class BoundedStreamTests
{
    [Fact]
    public void A_stream_is_read_as_it_is_while_no_line_is_too_long_and_no_further() => Prop.ForAll(
        Gen.Elements((byte)'a', (byte)'b', (byte)'\n').ArrayOf().ToArbitrary(),
        Gen.Choose(0, 6).ToArbitrary(),
        Gen.Choose(1, 9).ToArbitrary(),
        (bytes, most, chunk) =>
        {
            var isTooLong = System.Text.Encoding.ASCII.GetString(bytes).Split('\n').Any(line => line.Length > most);
            return isTooLong == (Read(bytes, most, isPerLine: true, chunk) is null) && bytes.Length > most == (Read(bytes, most, isPerLine: false, chunk) is null);
        }).QuickCheckThrowOnFailure();

    /// <summary>What is read; absent where it was refused.</summary>
    private static byte[]? Read(byte[] bytes, long most, bool isPerLine, int chunk)
    {
        using var stream = new BoundedStream(new MemoryStream(bytes), most, isPerLine);
        using var copy = new MemoryStream();
        try
        {
            stream.CopyTo(copy, chunk);
        }
        catch (IOException)
        {
            return null;
        }

        Assert.Equal(bytes, copy.ToArray());
        return copy.ToArray();
    }
}

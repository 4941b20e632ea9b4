using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hive.Cognition.Calls;

namespace Hive.Cognition.Tests.Calls;

public sealed class CallBoundTests
{
    [Fact]
    public void No_text_is_bounded_below_its_bytes() =>
        Prop.ForAll<string?[]>(texts =>
        {
            var bytes = texts.Sum(text => text is null ? 0 : Encoding.UTF8.GetByteCount(text));
            Assert.True(CallBound.TokensIn(texts) >= bytes);
            Assert.All(texts.OfType<string>(), text => Assert.True(CallBound.TokensInJson(text) > 2 * Encoding.UTF8.GetByteCount(text)));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("𝔘𝔫𝔦𝔠𝔬𝔡𝔢")]
    [InlineData("\0\u0001\uFFFF")]
    [InlineData("日本語のテキスト")]
    public void A_tokenizer_that_makes_every_byte_a_token_stays_within_the_bound(string text) =>
        Assert.True(CallBound.TokensIn(text) >= Encoding.UTF8.GetBytes(text).Length);

    [Theory]
    [InlineData(null, 5L)]
    [InlineData(5L, null)]
    [InlineData(0L, 5L)]
    [InlineData(-5L, 5L)]
    [InlineData(5L, -5L)]
    [InlineData(101L, 5L)]
    [InlineData(5L, 51L)]
    [InlineData(5L, 0L)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void Usage_that_cannot_be_true_is_not_believed(long? asked, long? answered) =>
        Assert.False(CallBound.IsPlausible(asked, answered, mostIn: 100, mostOut: 50, answer: 20));

    [Fact]
    public void Usage_that_can_be_true_costs_no_more_than_was_set_aside() =>
        Prop.ForAll<ushort, ushort, byte>((asked, answered, length) =>
        {
            if (CallBound.IsPlausible(asked, answered, 1_000, 500, length))
            {
                Assert.InRange(CallBound.Money(asked, answered, 2.5m, 10m), 0, CallBound.Money(1_000, 500, 2.5m, 10m));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Money_is_exact() => Assert.Equal(0.0000375m, CallBound.Money(3, 3, 2.5m, 10m));
}

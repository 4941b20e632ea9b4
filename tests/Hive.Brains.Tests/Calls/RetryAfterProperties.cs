using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Hive.Brains.Calls;

namespace Hive.Brains.Tests.Calls;

/// <summary><c>Retry-After</c> is a number of seconds or a date, and never a trap.</summary>
public sealed class RetryAfterProperties
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 14, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Seconds_are_read_as_they_are() => Prop.ForAll<NonNegativeInt>(seconds =>
        RetryAfter.Read(seconds.Get.ToString(CultureInfo.InvariantCulture), Now) == TimeSpan.FromSeconds(Math.Min(seconds.Get, 1e9))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_date_in_any_of_HTTPs_forms_is_as_far_away_as_it_is_and_one_in_the_past_is_now() =>
        Prop.ForAll(Gen.Choose(-1_000_000, 1_000_000).ToArbitrary(), Gen.Choose(0, 2).ToArbitrary(), (seconds, form) =>
        {
            var date = Now.AddSeconds(seconds);
            var text = form switch
            {
                0 => date.ToString("R", CultureInfo.InvariantCulture),
                1 => date.ToString("dddd, dd-MMM-yy HH:mm:ss 'GMT'", CultureInfo.InvariantCulture),
                _ => date.ToString("ddd MMM ", CultureInfo.InvariantCulture) + date.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2) + date.ToString(" HH:mm:ss yyyy", CultureInfo.InvariantCulture),
            };
            return RetryAfter.Read(text, Now) == TimeSpan.FromSeconds(Math.Max(0, seconds));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_a_server_writes_is_a_wait_that_is_not_negative_or_none() => Prop.ForAll<string?>(text =>
        RetryAfter.Read(text, Now) is null or { Ticks: >= 0 }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("1e5")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    public void What_is_neither_is_none(string text) => Assert.Null(RetryAfter.Read(text, Now));
}

using System.Globalization;

namespace Hive.Brains.Calls;

/// <summary>Reads <c>Retry-After</c> (RFC 9110, section 10.2.3): a number of seconds, or a date of HTTP's three forms.</summary>
internal static class RetryAfter
{
    private const double MaxSeconds = 1e9;

    private static readonly string[] Dates = ["ddd, dd MMM yyyy HH:mm:ss 'GMT'", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy", "ddd MMM  d HH:mm:ss yyyy"];

    /// <summary>How long to wait; never negative. Absent where the header is missing or none.</summary>
    /// <param name="value">The header's value. Fractions of a second are no part of the standard, and some servers send them.</param>
    /// <param name="now">The time now.</param>
    public static TimeSpan? Read(string? value, DateTimeOffset now)
    {
        value = value?.Trim();
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        if (double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return double.IsFinite(seconds) ? TimeSpan.FromSeconds(Math.Min(seconds, MaxSeconds)) : null;
        }

        return DateTimeOffset.TryParseExact(value, Dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date > now ? date - now : TimeSpan.Zero
            : null;
    }
}

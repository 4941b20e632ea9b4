using System.Globalization;
using System.Text;

namespace Hive.Evaluators.Commands;

/// <summary>Why a candidate could not be measured, in words fit for one line of a log.</summary>
internal static class Reasons
{
    private const int MaxLength = 400;

    /// <summary>What the program said of itself, or nothing.</summary>
    /// <param name="status">Its exit status; above 128 a signal's number is added.</param>
    /// <param name="errors">A summary of its standard error.</param>
    public static string Ended(int status, string errors) =>
        string.Create(CultureInfo.InvariantCulture, $"the evaluator ended with status {status}{Said(errors)}");

    /// <summary>It took too long.</summary>
    /// <param name="timeout">How long it had.</param>
    /// <param name="errors">A summary of its standard error.</param>
    public static string TimedOut(TimeSpan timeout, string errors) =>
        string.Create(CultureInfo.InvariantCulture, $"no answer within {timeout.TotalSeconds} s{Said(errors)}");

    /// <summary>Text from outside, as one bounded line without control characters.</summary>
    /// <param name="text">The text.</param>
    public static string OneLine(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        var line = new StringBuilder(Math.Min(text.Length, MaxLength) + 1);
        foreach (var character in text[..Math.Min(text.Length, MaxLength)])
        {
            line.Append(char.IsControl(character) || char.IsSurrogate(character) ? ' ' : character);
        }

        return (text.Length > MaxLength ? line.Append('…') : line).ToString();
    }

    /// <summary>Bytes from outside, as one bounded line without control characters.</summary>
    /// <param name="text">UTF-8, perhaps.</param>
    public static string OneLine(ReadOnlySpan<byte> text) => OneLine(Encoding.UTF8.GetString(text[..Math.Min(text.Length, 4 * MaxLength)]));

    private static string Said(string errors) => errors.Length == 0 ? "" : $"; on standard error: {errors}";
}

using System.Text;

namespace Hive.Processes;

/// <summary>Text from outside, made fit for one line of a log.</summary>
internal static class OneLine
{
    private const int MaxLength = 400;

    /// <summary>Text as one bounded line without control characters.</summary>
    /// <param name="text">The text.</param>
    public static string Of(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        var line = new StringBuilder(Math.Min(text.Length, MaxLength) + 1);
        foreach (var character in text[..Math.Min(text.Length, MaxLength)])
        {
            line.Append(char.IsControl(character) || char.IsSurrogate(character) ? ' ' : character);
        }

        return (text.Length > MaxLength ? line.Append('…') : line).ToString();
    }

    /// <summary>Bytes as one bounded line without control characters.</summary>
    /// <param name="text">UTF-8, perhaps.</param>
    public static string Of(ReadOnlySpan<byte> text) => Of(Encoding.UTF8.GetString(text[..Math.Min(text.Length, 4 * MaxLength)]));
}

using System.Globalization;
using System.Text;

namespace Hive.Tools;

/// <summary>Text from outside, made fit to be kept and shown: bounded, and without characters that steer a terminal.</summary>
internal static class OutsideText
{
    /// <summary>Replaces control characters other than tabs and ends of lines, and cuts what is too long, saying so.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">How many characters of it are kept at most.</param>
    public static string Bounded(string text, int most)
    {
        var kept = text.Length <= most ? text.Length : char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        var clean = new StringBuilder(kept + 64);
        foreach (var character in text.AsSpan(0, kept))
        {
            // A carriage return lets a later text hide an earlier one.
            clean.Append(char.IsControl(character) && character is not ('\n' or '\t') ? ' ' : character);
        }

        return kept == text.Length
            ? clean.ToString()
            : clean.Append(CultureInfo.InvariantCulture, $"\n[cut here: {text.Length:N0} characters in all]").ToString();
    }

    /// <summary>The same as one line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">How many characters are kept at most.</param>
    public static string Line(string text, int most) => Bounded(text, most).Replace('\n', ' ').Trim();
}

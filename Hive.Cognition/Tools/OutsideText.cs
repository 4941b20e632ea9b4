using System.Globalization;
using Hive.Cognition.Prompts;

namespace Hive.Tools;

/// <summary>Text from tools and their servers, made fit to be kept and shown: bounded, and without characters that steer a terminal.</summary>
internal static class OutsideText
{
    /// <summary>A clean text of at most so many characters; what is cut says so at its end.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">How many characters of it are kept at most.</param>
    public static string Bounded(string text, int most)
    {
        if (text.Length <= most)
        {
            return Wording.Clean(text);
        }

        var kept = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return string.Create(CultureInfo.InvariantCulture, $"{Wording.Clean(text[..kept])}\n[cut here: {text.Length:N0} characters in all]");
    }

    /// <summary>A clean text on one line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">How many characters it has at most.</param>
    public static string Line(string text, int most) => Wording.Line(text.Length <= 4 * most ? text : text[..(4 * most)], most);
}

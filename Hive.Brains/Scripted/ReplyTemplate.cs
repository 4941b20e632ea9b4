using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Hive.Brains.Scripted;

/// <summary>Fills <c>{{1}}</c> (a group of the rule's pattern) and <c>{{prompt}}</c> (the beginning of the user's last message) into a reply; anything else in braces stays.</summary>
internal static class ReplyTemplate
{
    /// <summary>How much of a group or prompt is filled in, in characters.</summary>
    private const int MostFilled = 4_000;

    public static bool IsTemplate(string reply) => reply.Contains("{{", StringComparison.Ordinal);

    public static string Fill(string reply, Match? match, string prompt)
    {
        var open = reply.IndexOf("{{", StringComparison.Ordinal);
        if (open < 0)
        {
            return reply;
        }

        var filled = new StringBuilder();
        var done = 0;
        while (open >= 0 && reply.IndexOf("}}", open, StringComparison.Ordinal) is var close and >= 0)
        {
            if (Value(reply.AsSpan(open + 2, close - open - 2), match, prompt) is { } value)
            {
                filled.Append(reply, done, open - done).Append(value.AsSpan(0, Math.Min(value.Length, MostFilled)));
                done = close + 2;
            }

            open = reply.IndexOf("{{", open + 2, StringComparison.Ordinal);
        }

        return filled.Append(reply, done, reply.Length - done).ToString();
    }

    private static string? Value(ReadOnlySpan<char> name, Match? match, string prompt)
    {
        if (name is "prompt")
        {
            return prompt;
        }

        return match is not null && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var group) ? match.Groups[group].Value : null;
    }
}

using System.Globalization;

namespace Hive.Brains.Scripted;

/// <summary>
/// Questions for simulations, which no model could answer and a scripted brain can: a prompt that contains <c>[task N of SIM-SEED]</c> asks for the text
/// <c>answer N-HASH</c>, where the hash depends on both numbers. There are eight plausible wrong answers to each, so that wrong ones may agree by chance.
/// </summary>
public static class SimulatedTask
{
    private const string Opening = "[task ";
    private const string Middle = " of SIM-";
    private const int WrongAnswers = 8;
    private const int MostDigits = 19;

    /// <summary>The token that marks the task in any prompt, like <c>[task 17 of SIM-5]</c>.</summary>
    /// <param name="seed">The simulation's seed, at least 0.</param>
    /// <param name="n">The task's number, at least 0.</param>
    public static string Token(long seed, long n) => string.Create(CultureInfo.InvariantCulture, $"{Opening}{n}{Middle}{seed}]");

    /// <summary>A prompt that asks the question.</summary>
    /// <param name="seed">The simulation's seed, at least 0.</param>
    /// <param name="n">The task's number, at least 0.</param>
    public static string Prompt(long seed, long n) => $"{Token(seed, n)} Give the answer to this task, and nothing else.";

    /// <summary>The right answer, like <c>answer 17-3f2a9c1b</c>.</summary>
    /// <param name="seed">The simulation's seed.</param>
    /// <param name="n">The task's number.</param>
    public static string Right(long seed, long n) => Answer(seed, n, 0);

    /// <summary>Whether a text gives the right answer, and no other one to the same task.</summary>
    /// <param name="seed">The simulation's seed.</param>
    /// <param name="n">The task's number.</param>
    /// <param name="text">Any text.</param>
    public static bool IsRight(long seed, long n, string text)
    {
        var right = Right(seed, n);
        var opening = right.AsSpan(0, right.IndexOf('-') + 1);
        var found = false;
        var rest = text.AsSpan();
        for (var at = rest.IndexOf(opening, StringComparison.Ordinal); at >= 0; at = rest.IndexOf(opening, StringComparison.Ordinal))
        {
            rest = rest[at..];
            if (!rest.StartsWith(right, StringComparison.Ordinal) || (rest.Length > right.Length && char.IsAsciiLetterOrDigit(rest[right.Length])))
            {
                return false;
            }

            found = true;
            rest = rest[right.Length..];
        }

        return found;
    }

    /// <summary>A wrong answer.</summary>
    internal static string Wrong(long seed, long n, ulong draw) => Answer(seed, n, 1 + (draw % WrongAnswers));

    /// <summary>The first task that a text names, and where the text goes on behind it.</summary>
    internal static bool TryFind(ReadOnlySpan<char> text, out long seed, out long n, out int end)
    {
        (seed, n, end) = (0, 0, 0);
        for (var at = text.IndexOf(Opening, StringComparison.Ordinal); at >= 0;)
        {
            var position = at + Opening.Length;
            if (ReadNumber(text, ref position, out n) && text[position..].StartsWith(Middle, StringComparison.Ordinal))
            {
                position += Middle.Length;
                if (ReadNumber(text, ref position, out seed) && position < text.Length && text[position] == ']')
                {
                    end = position + 1;
                    return true;
                }
            }

            var next = text[(at + 1)..].IndexOf(Opening, StringComparison.Ordinal);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    private static bool ReadNumber(ReadOnlySpan<char> text, ref int position, out long number)
    {
        var begin = position;
        while (position < text.Length && position - begin < MostDigits && char.IsAsciiDigit(text[position]))
        {
            position++;
        }

        return long.TryParse(text[begin..position], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static string Answer(long seed, long n, ulong variant) =>
        string.Create(CultureInfo.InvariantCulture, $"answer {n}-{(uint)Draw.Mix(Draw.Mix(Draw.Mix((ulong)seed) ^ (ulong)n) ^ variant):x8}");
}

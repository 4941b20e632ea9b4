using System.Buffers;
using System.Globalization;

namespace Hive.Brains.Scripted;

/// <summary>
/// Knows arithmetic with whole numbers: <c>number (operator number)*</c>, where the operator is × or * (which bind first), +, or a minus − or - that stands between spaces,
/// as a hyphen without them may be a range or a name. The first such expression of a prompt is its question; the answer is the bare number.
/// </summary>
internal sealed class Arithmetic : IScriptedSubject
{
    private const int MostOperators = 64;
    private const int MostDigits = 18;

    private static readonly SearchValues<char> Operators = SearchValues.Create("×*+-−");

    public ScriptedQuestion? Find(string prompt)
    {
        var text = prompt.AsSpan();
        for (var (begin, at) = (0, text.IndexOfAny(Operators)); at >= 0;)
        {
            var start = StartOfNumber(text[begin..at]) is var offset and >= 0 ? begin + offset : -1;
            if (start >= 0 && TryEvaluate(text[start..], out var value))
            {
                return new Question(value);
            }

            begin = at + 1;
            var next = text[begin..].IndexOfAny(Operators);
            at = next < 0 ? -1 : begin + next;
        }

        return null;
    }

    /// <summary>Where the number begins that ends before the operator, or −1 where there is none that stands alone.</summary>
    private static int StartOfNumber(ReadOnlySpan<char> before)
    {
        var end = before.TrimEnd(' ').Length;
        var start = end;
        while (start > 0 && char.IsAsciiDigit(before[start - 1]))
        {
            start--;
        }

        var alone = start == 0 || !(char.IsLetter(before[start - 1]) || before[start - 1] is '.' or ',' or '_' or '-' or '/' or ':');
        return start < end && alone ? start : -1;
    }

    private static bool TryEvaluate(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        if (!TryNumber(ref text, out var product))
        {
            return false;
        }

        var operators = 0;
        try
        {
            var sum = 0L;
            while (operators < MostOperators && TryOperator(text, out var operation, out var rest) && TryNumber(ref rest, out var number))
            {
                text = rest;
                operators++;
                if (operation == '*')
                {
                    product = checked(product * number);
                    continue;
                }

                sum = checked(sum + product);
                product = operation == '-' ? -number : number;
            }

            value = checked(sum + product);
            return operators > 0;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static bool TryOperator(ReadOnlySpan<char> text, out char operation, out ReadOnlySpan<char> rest)
    {
        var trimmed = text.TrimStart(' ');
        operation = default;
        rest = default;
        if (trimmed.IsEmpty)
        {
            return false;
        }

        var spaced = trimmed.Length < text.Length && trimmed is [_, ' ', ..];
        operation = trimmed[0] switch
        {
            '×' or '*' => '*',
            '+' => '+',
            '−' or '-' when spaced => '-',
            _ => default,
        };
        rest = trimmed[1..].TrimStart(' ');
        return operation != default;
    }

    private static bool TryNumber(ref ReadOnlySpan<char> text, out long number)
    {
        var digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        number = 0;
        var fraction = digits + 1 < text.Length && text[digits] is '.' or ',' && char.IsAsciiDigit(text[digits + 1]);
        if (digits is 0 or > MostDigits || fraction)
        {
            return false;
        }

        number = long.Parse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
        text = text[digits..];
        return true;
    }

    private sealed class Question(long value) : ScriptedQuestion
    {
        public override string Right => value.ToString(CultureInfo.InvariantCulture);

        public override string Wrong(ulong draw)
        {
            var off = (long)(draw % 9) + 1;
            return ((draw & 0x1_0000) == 0 ? (Int128)value + off : (Int128)value - off).ToString(CultureInfo.InvariantCulture);
        }

        /// <summary>Whether the last whole number is the result: answers often repeat the question first.</summary>
        public override bool IsRight(string candidate)
        {
            var end = candidate.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
            var start = end;
            while (start > 0 && char.IsAsciiDigit(candidate[start - 1]))
            {
                start--;
            }

            var negative = start > 0 && candidate[start - 1] is '-' or '−' && (start == 1 || !char.IsLetterOrDigit(candidate[start - 2]));
            return Int128.TryParse(candidate.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && (negative ? -number : number) == value;
        }
    }
}

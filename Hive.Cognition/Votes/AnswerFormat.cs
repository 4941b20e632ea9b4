using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Hive.Cognition.Votes;

/// <summary>
/// The form that a vote has. A reply that has not this form, or is too long, is a red flag that something went wrong in it: it is thrown away, never repaired, since what is wrong with its form is
/// likely wrong with its content too (Meyerson et al., arXiv:2511.09030, section 3.3).
/// </summary>
public sealed record AnswerFormat
{
    /// <summary>The longest pattern, in characters.</summary>
    public const int LongestPattern = 4_096;

    /// <summary>The longest reply that a format may admit, in characters.</summary>
    public const int LongestAnswer = 40_000;

    private const string AnswerGroup = "answer";

    private const string StateGroup = "state";

    private readonly Regex _regex;

    private readonly int _answerGroup;

    private readonly int _stateGroup;

    /// <summary>A format.</summary>
    /// <param name="pattern">
    /// A .NET regular expression for the whole reply, white space at both ends aside, up to <see cref="LongestPattern"/> characters. A group named <c>answer</c> is what is compared, without it the
    /// whole reply. A group named <c>state</c> is what the next step starts from, without it the answer. What looks around or back is refused, so that a match takes time linear in the reply.
    /// </param>
    /// <param name="maxCharacters">The longest reply, 1 to <see cref="LongestAnswer"/> characters.</param>
    /// <exception cref="ArgumentException">The pattern is none, or too long.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The characters are out of their range.</exception>
    public AnswerFormat(string pattern, int maxCharacters)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCharacters, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxCharacters, LongestAnswer);
        if (pattern.Length > LongestPattern)
        {
            throw new ArgumentException($"The pattern has {pattern.Length:N0} characters; at most {LongestPattern:N0} are taken.", nameof(pattern));
        }

        Pattern = pattern;
        MaxCharacters = maxCharacters;
        _regex = Parse(pattern);
        _answerGroup = Math.Max(0, _regex.GroupNumberFromName(AnswerGroup));
        _stateGroup = _regex.GroupNumberFromName(StateGroup);
    }

    /// <summary>The regular expression for a whole reply.</summary>
    public string Pattern { get; }

    /// <summary>The longest reply, in characters.</summary>
    public int MaxCharacters { get; }

    /// <summary>Reads a reply.</summary>
    /// <param name="reply">What a brain said.</param>
    /// <param name="answer">What is compared. A state that lies outside the answer is part of it: nothing goes on to the next step that was not voted for.</param>
    /// <param name="state">What the next step starts from.</param>
    /// <returns>False for a reply that is to be thrown away.</returns>
    public bool TryRead(string reply, [NotNullWhen(true)] out string? answer, [NotNullWhen(true)] out string? state)
    {
        ArgumentNullException.ThrowIfNull(reply);
        (answer, state) = (null, null);
        var start = reply.Length - reply.AsSpan().TrimStart().Length;
        var length = reply.AsSpan().Trim().Length;
        if (length > MaxCharacters || _regex.Match(length == reply.Length ? reply : reply.Substring(start, length)) is not { Success: true } match)
        {
            return false;
        }

        var compared = match.Groups[_answerGroup];
        var next = _stateGroup < 0 ? compared : match.Groups[_stateGroup];
        if (!compared.Success || !next.Success)
        {
            return false;
        }

        state = next.Value;
        answer = next.Index >= compared.Index && next.Index + next.Length <= compared.Index + compared.Length
            ? compared.Value
            : $"{compared.Value}\n{state}";
        return true;
    }

    /// <summary>Whether two formats admit the same replies because they are written alike.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(AnswerFormat? other) => other is not null && Pattern == other.Pattern && MaxCharacters == other.MaxCharacters;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Pattern, MaxCharacters);

    private static Regex Parse(string pattern)
    {
        // As it stands first: with something around it, "a)(b" would be a pattern.
        _ = Create(pattern);
        try
        {
            return Create($@"\A(?:{pattern})\z");
        }
        catch (ArgumentException)
        {
            // A comment at its end (option x) hides the rest of its line.
            return Create($"\\A(?:{pattern}\n)\\z");
        }
    }

    private static Regex Create(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException e)
        {
            throw new ArgumentException("The pattern looks around or back (such as (?=…) or \\1), or is too large, so that a match could take for ever; write it without.", nameof(pattern), e);
        }
        catch (RegexParseException e)
        {
            throw new ArgumentException($"The pattern is no .NET regular expression: {e.Message}", nameof(pattern), e);
        }
    }
}

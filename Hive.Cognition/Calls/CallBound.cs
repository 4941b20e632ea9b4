using System.Text;

namespace Hive.Cognition.Calls;

/// <summary>
/// The most that a call can cost, before it is made. Tokenizers of language models begin from bytes and only ever join them, so a text has no more tokens than UTF-8 bytes;
/// what a server's chat template puts around a message is bounded by <see cref="MessageTokens"/>.
/// </summary>
public static class CallBound
{
    /// <summary>What a chat template puts around one message, at most.</summary>
    public const int MessageTokens = 16;

    /// <summary>How many characters of an answer one token can stand for, at most: the longest tokens in use are runs of spaces.</summary>
    private const int CharactersOfToken = 128;

    /// <summary>The most tokens that texts can have.</summary>
    /// <param name="texts">The texts that are sent; absent ones count for nothing.</param>
    public static long TokensIn(params ReadOnlySpan<string?> texts)
    {
        var tokens = (long)MessageTokens;
        foreach (var text in texts)
        {
            tokens += text is null ? 0 : Encoding.UTF8.GetByteCount(text) + MessageTokens;
        }

        return tokens;
    }

    /// <summary>The most tokens that a schema can have. Chat templates print JSON anew, some with spaces and line breaks: twice the bytes are allowed for that.</summary>
    /// <param name="json">The schema.</param>
    public static long TokensInJson(string json) => (2L * Encoding.UTF8.GetByteCount(json)) + MessageTokens;

    /// <summary>What tokens cost.</summary>
    /// <param name="tokensIn">Tokens asked.</param>
    /// <param name="tokensOut">Tokens answered.</param>
    /// <param name="perMillionIn">What a million asked cost.</param>
    /// <param name="perMillionOut">What a million answered cost.</param>
    public static decimal Money(long tokensIn, long tokensOut, decimal perMillionIn, decimal perMillionOut) =>
        ((tokensIn * perMillionIn) + (tokensOut * perMillionOut)) / 1_000_000m;

    /// <summary>Whether what a server says of a call's usage can be true. One that cannot is not believed, and the call counts for all that was set aside.</summary>
    /// <param name="tokensIn">The tokens asked, as it says.</param>
    /// <param name="tokensOut">The tokens answered, as it says.</param>
    /// <param name="mostIn">The most tokens that were asked.</param>
    /// <param name="mostOut">The most tokens that it may have answered.</param>
    /// <param name="answer">How many characters it answered.</param>
    public static bool IsPlausible(long? tokensIn, long? tokensOut, long mostIn, long mostOut, int answer) =>
        tokensIn is { } asked && tokensOut is { } answered
        && asked > 0 && asked <= mostIn
        && answered >= (answer + CharactersOfToken - 1) / CharactersOfToken && answered <= mostOut;
}

using System.Buffers;

namespace Hive.Tools;

/// <summary>
/// How tools are named: <c>server.tool</c>. A server's name has no dot, so the first dot parts the two. A goal names the tools it allows one by one, or all of a
/// server as <c>server.*</c>. Case counts.
/// </summary>
public static class ToolNames
{
    /// <summary>How many characters a server's name has at most.</summary>
    public const int MaxServerLength = 32;

    /// <summary>How many characters a tool's own name has at most, as the protocol advises.</summary>
    public const int MaxToolLength = 128;

    /// <summary>What stands for every tool of a server.</summary>
    public const string All = "*";

    private const string Alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private static readonly SearchValues<char> ServerCharacters = SearchValues.Create(Alphanumeric + "_-");

    private static readonly SearchValues<char> ToolCharacters = SearchValues.Create(Alphanumeric + "_-.");

    /// <summary>Whether a text may be a server's name: 1 to <see cref="MaxServerLength"/> of the letters a to z, digits, '_' and '-'.</summary>
    /// <param name="text">The text.</param>
    public static bool IsServer(ReadOnlySpan<char> text) => text.Length is > 0 and <= MaxServerLength && !text.ContainsAnyExcept(ServerCharacters);

    /// <summary>Whether a text may be a tool's own name: 1 to <see cref="MaxToolLength"/> of the letters a to z, digits, '_', '-' and '.'.</summary>
    /// <param name="text">The text.</param>
    public static bool IsTool(ReadOnlySpan<char> text) => text.Length is > 0 and <= MaxToolLength && !text.ContainsAnyExcept(ToolCharacters);

    /// <summary>Whether a goal may name tools so: <c>server.tool</c> or <c>server.*</c>.</summary>
    /// <param name="text">The text.</param>
    public static bool IsPattern(ReadOnlySpan<char> text) =>
        text.IndexOf('.') is >= 0 and var dot && IsServer(text[..dot]) && (text[(dot + 1)..] is All || IsTool(text[(dot + 1)..]));

    /// <summary>Whether a name or a pattern that a goal gives stands for a tool.</summary>
    /// <param name="pattern"><c>server.tool</c> or <c>server.*</c>; anything else stands for nothing.</param>
    /// <param name="name">The tool's name, <c>server.tool</c>.</param>
    public static bool Matches(string pattern, string name) =>
        IsPattern(pattern)
        && (pattern == name || (pattern.EndsWith(".*", StringComparison.Ordinal) && name.Length >= pattern.Length && name.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal)));

    /// <summary>The server of a tool's name: what stands before the first dot; empty where there is none.</summary>
    /// <param name="name">The tool's name.</param>
    public static string ServerOf(string name) => name.IndexOf('.') is > 0 and var dot ? name[..dot] : "";
}

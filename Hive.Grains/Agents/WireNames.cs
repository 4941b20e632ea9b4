using System.Collections.Immutable;
using Hive.Brains;

namespace Hive.Agents;

/// <summary>
/// Tools' names as brains are told them: the protocol of chat completions takes letters, digits, '_' and '-' alone, and a tool's name is <c>server.tool</c>.
/// </summary>
internal static class WireNames
{
    private const int Longest = 64;

    /// <summary>The name that a brain is told.</summary>
    /// <param name="tool">The tool's name.</param>
    public static string Of(string tool)
    {
        var name = string.Concat(tool.Replace(".", "__", StringComparison.Ordinal).Select(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' ? character : '_'));
        return name.Length <= Longest ? name : name[^Longest..];
    }

    /// <summary>The tool that a brain means; what it says itself where no tool that it was offered is called so.</summary>
    /// <param name="said">The name that it says.</param>
    /// <param name="tools">The tools that it was offered.</param>
    public static string Read(string said, ImmutableArray<ToolOffer> tools)
    {
        string? meant = null;
        foreach (var tool in tools)
        {
            if (Of(tool.Name) == said)
            {
                // Two tools that are called the same on the wire: it is not guessed which is meant.
                if (meant is not null)
                {
                    return said;
                }

                meant = tool.Name;
            }
        }

        return meant ?? said;
    }
}

using System.Text;

namespace Hive.Building;

/// <summary>One command for git.</summary>
/// <param name="Arguments">The command and its arguments.</param>
internal sealed record GitRun(params string[] Arguments)
{
    /// <summary>Where it works: <c>--git-dir=…</c> or <c>-C …</c>, before the command.</summary>
    public string[] Place { get; init; } = [];

    /// <summary>What it reads.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>Variables of its environment beside the fixed ones.</summary>
    public (string Name, string Value)[] Variables { get; init; } = [];

    /// <summary>The same, in a repository.</summary>
    /// <param name="gitDirectory">The repository's git directory.</param>
    public GitRun In(string gitDirectory) => this with { Place = ["--git-dir=" + gitDirectory] };

    /// <summary>The same, with a text to read.</summary>
    /// <param name="text">The text.</param>
    public GitRun Reading(string text) => this with { Input = Encoding.UTF8.GetBytes(text) };
}

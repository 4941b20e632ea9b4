using System.Collections.Immutable;

namespace Hive.Tools;

/// <summary>The tools that a hub can run for its goals.</summary>
public interface ITools
{
    /// <summary>The tools that are here.</summary>
    /// <param name="cancellation">Stops asking the servers.</param>
    /// <returns>The tools, by name.</returns>
    Task<ImmutableArray<ToolSpec>> ListAsync(CancellationToken cancellation);

    /// <summary>Runs a tool. Whether it may run was decided before.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="arguments">Its arguments, one JSON object.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What it says: data, whatever it reads like. A tool that fails says so in <see cref="ToolResult.IsError"/>; it does not throw.</returns>
    Task<ToolResult> CallAsync(string name, string arguments, CancellationToken cancellation);
}

/// <summary>A tool.</summary>
/// <param name="Name">Its name, <c>server.tool</c>.</param>
/// <param name="Description">What it does, in its server's words: data from outside.</param>
/// <param name="InputSchema">The JSON Schema of its arguments.</param>
/// <param name="HasSideEffects">Whether it changes anything. One that does is requested, and run only after approval; one that does not say is taken to.</param>
public sealed record ToolSpec(string Name, string Description, string InputSchema, bool HasSideEffects)
{
    /// <summary>Whether the owner's policy approves of its effects without asking a person.</summary>
    public bool IsApprovedByPolicy { get; init; }
}

/// <summary>What a tool says.</summary>
/// <param name="Text">Its words, bounded.</param>
/// <param name="IsError">Whether it failed.</param>
public sealed record ToolResult(string Text, bool IsError)
{
    /// <summary>How many characters of a tool's words are kept.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>A result from words of any length: without control characters other than tabs and ends of lines, and cut, with a note, where they are too long.</summary>
    /// <param name="text">The words.</param>
    /// <param name="isError">Whether the tool failed.</param>
    public static ToolResult From(string text, bool isError) => new(OutsideText.Bounded(text, MaxLength), isError);
}

using System.Collections.Immutable;

namespace Hive.Tools;

/// <summary>Tools of several kinds as one.</summary>
/// <param name="kinds">The kinds, each with the server names it answers for; no name is answered for twice.</param>
public sealed class CombinedTools(params ImmutableArray<(ImmutableArray<string> Servers, ITools Tools)> kinds) : ITools
{
    /// <inheritdoc/>
    public async Task<ImmutableArray<ToolSpec>> ListAsync(CancellationToken cancellation) =>
        [.. (await Task.WhenAll(kinds.Select(kind => kind.Tools.ListAsync(cancellation))).ConfigureAwait(false)).SelectMany(tools => tools).OrderBy(tool => tool.Name, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public Task<ToolResult> CallAsync(string name, string arguments, CancellationToken cancellation)
    {
        var server = ToolNames.ServerOf(name);
        return kinds.FirstOrDefault(kind => kind.Servers.Contains(server)).Tools is { } tools
            ? tools.CallAsync(name, arguments, cancellation)
            : Task.FromResult(new ToolResult($"there is no tool '{OutsideText.Line(name, 200)}'", IsError: true));
    }
}

using System.Collections.Immutable;
using Hive.Tools;

namespace Hive.Cognition;

/// <summary>A hub without tools.</summary>
internal sealed class NoTools : ITools
{
    public Task<ImmutableArray<ToolSpec>> ListAsync(CancellationToken cancellation) => Task.FromResult(ImmutableArray<ToolSpec>.Empty);

    public Task<ToolResult> CallAsync(string name, string arguments, CancellationToken cancellation) =>
        Task.FromResult(new ToolResult($"there is no tool '{name}' here", IsError: true));
}

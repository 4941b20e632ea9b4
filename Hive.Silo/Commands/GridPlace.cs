using System.CommandLine;
using Hive.Client.Grid;

namespace Hive.Silo.Commands;

/// <summary>The options of a command that looks at this machine's own database unless it is told of a grid.</summary>
internal sealed class GridPlace
{
    public Option<string?> Connect { get; } = GridArguments.Connect();

    public Option<string> Cluster { get; } = GridArguments.Cluster();

    /// <summary>The grid; null where none was named.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public GridOptions? Read(ParseResult arguments) =>
        arguments.GetValue(Connect) is { Length: > 0 } server ? GridArguments.Read(server, arguments.GetValue(Cluster)!) : null;

    /// <summary>Opens the database, or connects to the hub.</summary>
    public async Task<IGoalDesk> OpenAsync(ParseResult arguments, Option<string> data, CancellationToken cancellation, bool write = false) =>
        Read(arguments) is { } grid ? await GridDesk.OpenAsync(grid, cancellation) : await GoalBook.OpenAsync(arguments.GetValue(data)!, cancellation, write);
}

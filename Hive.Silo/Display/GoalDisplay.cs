using Hive.Client;
using Spectre.Console;

namespace Hive.Silo.Display;

/// <summary>Shows a goal's progress while it runs.</summary>
internal abstract class GoalDisplay
{
    /// <summary>A live picture on a terminal, plain lines elsewhere.</summary>
    /// <param name="error">Standard error.</param>
    /// <param name="options">What another command needs beside a goal's id to find the goal.</param>
    public static GoalDisplay Create(TextWriter error, string options = "")
    {
        var terminal = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
        return terminal
            ? new LiveDisplay(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) }), options)
            : new LineDisplay(error, options);
    }

    /// <summary>Follows a goal until it ends or nobody works on it any more.</summary>
    /// <param name="hive">The hive.</param>
    /// <param name="goal">The goal's id.</param>
    /// <param name="cancellation">Stops following.</param>
    public abstract Task FollowAsync(IHive hive, string goal, CancellationToken cancellation);
}

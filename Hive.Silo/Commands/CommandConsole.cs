namespace Hive.Silo.Commands;

/// <summary>Where a command speaks: results on standard output, everything else on standard error.</summary>
internal sealed class CommandConsole(TextWriter output, TextWriter error)
{
    /// <summary>Where results go.</summary>
    public TextWriter Output => output;

    /// <summary>Where progress and errors go.</summary>
    public TextWriter Error => error;

    /// <summary>Says in one line what is wrong with the input.</summary>
    public int BadInput(string message) => Say(message, ExitCode.BadInput);

    /// <summary>Says in one line what failed.</summary>
    public int Failed(string message) => Say(message, ExitCode.Failed);

    private int Say(string message, int status)
    {
        error.WriteLine($"hive: {message.ReplaceLineEndings(" ")}");
        return status;
    }
}

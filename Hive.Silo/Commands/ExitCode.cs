namespace Hive.Silo.Commands;

/// <summary>What the command's exit status says.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int BadInput = 2;
    public const int Exhausted = 3;
    public const int Failed = 4;
    public const int Interrupted = 130;
}

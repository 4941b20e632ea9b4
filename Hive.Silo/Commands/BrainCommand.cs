using System.CommandLine;

namespace Hive.Silo.Commands;

/// <summary><c>hive brain …</c>: looks after language models.</summary>
internal static class BrainCommand
{
    public static Command Create(CommandConsole console) => new("brain", "Try brains: language models behind an OpenAI-compatible endpoint.")
    {
        BrainFakeCommand.Create(console),
    };
}

using System.CommandLine;

namespace Hive.Silo.Commands;

/// <summary><c>hive brain …</c>: looks after language models.</summary>
internal static class BrainCommand
{
    private const string Description = """
        List, test and try brains: language models behind an OpenAI-compatible endpoint.

        They are listed in hive.json (docs/brains.md), or found by themselves where Ollama, llama.cpp, LM Studio or vLLM runs on this machine.
        """;

    public static Command Create(CommandConsole console) => new("brain", Description)
    {
        BrainListCommand.Create(console),
        BrainTestCommand.Create(console),
        BrainFakeCommand.Create(console),
    };
}

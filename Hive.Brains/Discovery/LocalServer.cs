using System.Collections.Immutable;

namespace Hive.Brains.Discovery;

/// <summary>A kind of server that people run on their own machine, and the port it listens on unless told otherwise.</summary>
/// <param name="Kind">What it is called.</param>
/// <param name="Port">Its port on the loopback interface.</param>
/// <param name="ContextTokens">How many tokens a call may have where the server does not say. Ollama cuts longer prompts in silence.</param>
public sealed record LocalServer(string Kind, int Port, int ContextTokens)
{
    /// <summary>Ollama's name; it alone tells sizes at an address of its own.</summary>
    internal const string Ollama = "Ollama";

    /// <summary>Those that are looked for.</summary>
    public static ImmutableArray<LocalServer> Usual { get; } =
        [new(Ollama, 11434, 4_096), new("llama.cpp", 8080, 4_096), new("LM Studio", 1234, 4_096), new("vLLM", 8000, 8_192)];
}

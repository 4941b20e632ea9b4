namespace Hive.Brains;

/// <summary>What Hive tells people about brains, in one wording.</summary>
public static class BrainAdvice
{
    /// <summary>One line for someone who has no brain: how to get one.</summary>
    public const string NoBrain =
        "there is no brain here: run 'ollama pull qwen3:4b' (Ollama is then found by itself), or list one in hive.json with its key in an environment variable (docs/brains.md), or try 'hive brain fake'";
}

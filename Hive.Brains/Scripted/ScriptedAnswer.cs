namespace Hive.Brains.Scripted;

/// <summary>How a scripted call goes wrong.</summary>
internal enum ScriptedFault
{
    None,
    MalformedJson,
    Busy429,
    Error500,
    Stall,
    CutStream,
    WrongUsage,
    Overlong,
    Injecting,
}

/// <summary>Usage numbers as a reply tells them; null where it does not.</summary>
internal readonly record struct ToldUsage(long Prompt, long Completion);

/// <summary>What a scripted brain does about a call.</summary>
internal sealed record ScriptedAnswer
{
    /// <summary>What it says; empty where it asks for a tool.</summary>
    public required string Text { get; init; }

    /// <summary>The tool it asks for.</summary>
    public ScriptedToolCall? Tool { get; init; }

    /// <summary>What goes wrong.</summary>
    public ScriptedFault Fault { get; init; }

    /// <summary>Random bits that choose how exactly it goes wrong.</summary>
    public ulong Variant { get; init; }

    /// <summary>How long it takes until the answer begins.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Whether the answer was cut off at its limit.</summary>
    public bool CutByLength { get; init; }

    /// <summary>How many tokens were asked.</summary>
    public long PromptTokens { get; init; }

    /// <summary>How many tokens are answered.</summary>
    public long CompletionTokens { get; init; }

    /// <summary>Whether malformed JSON is that of the protocol, and not that which was asked for.</summary>
    public bool BreaksProtocol { get; init; }

    /// <summary>The usage that the reply tells: the true one, unless that is what goes wrong.</summary>
    public ToldUsage? Usage => Fault != ScriptedFault.WrongUsage
        ? new ToldUsage(PromptTokens, CompletionTokens)
        : (Variant % 4) switch
        {
            0 => new ToldUsage(0, 0),
            1 => new ToldUsage(-PromptTokens, -CompletionTokens),
            2 => new ToldUsage(PromptTokens * 1_000_000, CompletionTokens * 1_000_000),
            _ => null,
        };
}

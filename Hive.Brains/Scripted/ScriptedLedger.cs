using System.Collections.Immutable;

namespace Hive.Brains.Scripted;

/// <summary>What a scripted server has counted so far. A call is billed once its answer has begun, whatever the reply says about usage.</summary>
public sealed record ScriptedLedger
{
    /// <summary>Requests for completions that came, valid or not.</summary>
    public long Requests { get; init; }

    /// <summary>Calls that were billed.</summary>
    public long Billed { get; init; }

    /// <summary>Tokens asked in billed calls: of each a quarter of its UTF-8 bytes, rounded up.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Tokens answered in billed calls, at most <c>max_tokens</c> each.</summary>
    public long CompletionTokens { get; init; }

    /// <summary>Calls that were refused without being billed: 400, 404, 429, and 500 where the script does not bill it.</summary>
    public long Refused { get; init; }

    /// <summary>Calls whose caller went away before the answer was complete.</summary>
    public long Aborted { get; init; }

    /// <summary>How many calls were at work at once, at most.</summary>
    public int ConcurrentMaximum { get; init; }

    /// <summary>How often each idempotency key was billed.</summary>
    public required ImmutableSortedDictionary<string, int> BilledByKey { get; init; }

    /// <summary>Billed calls that are not in <see cref="BilledByKey"/>: without a key, or with one beyond the million that are remembered.</summary>
    public long BilledWithoutKey { get; init; }

    /// <summary>What each model was billed for.</summary>
    public required ImmutableSortedDictionary<string, ModelBill> Models { get; init; }
}

/// <summary>What one model was billed for.</summary>
/// <param name="Calls">Billed calls.</param>
/// <param name="PromptTokens">Tokens asked.</param>
/// <param name="CompletionTokens">Tokens answered.</param>
public sealed record ModelBill(long Calls, long PromptTokens, long CompletionTokens);

namespace Hive.Brains;

/// <summary>What a call to a brain carries beside its messages.</summary>
public static class BrainHeaders
{
    /// <summary>
    /// The member of <see cref="Microsoft.Extensions.AI.ChatOptions.AdditionalProperties"/> that names a call: 1 to 255 visible ASCII characters. It is sent with every try of the call,
    /// so that a server that knows it can tell a repetition.
    /// </summary>
    public const string IdempotencyKeyProperty = "idempotencyKey";

    /// <summary>The header that carries it.</summary>
    public const string IdempotencyKey = "Idempotency-Key";
}

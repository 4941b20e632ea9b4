using System.Text;

namespace Hive.Nats;

/// <summary>
/// A subject to publish to, checked and encoded once, so that publishing neither checks nor allocates: tokens of printable characters separated by dots,
/// no wildcards, at most 1,024 bytes. The default value is no subject, as in "no reply wanted".
/// </summary>
public readonly struct NatsSubject : IEquatable<NatsSubject>
{
    /// <summary>Two of these and the sizes fit a server's default control line of 4,096 bytes.</summary>
    internal const int MaxBytes = 1024;

    private readonly byte[]? _utf8;

    /// <summary>A subject.</summary>
    /// <param name="subject">Its text.</param>
    /// <exception cref="ArgumentException">It is no subject to publish to.</exception>
    public NatsSubject(string subject) => _utf8 = Encode(subject, wildcards: false);

    /// <summary>A subject from its encoded form, such as a message's reply address.</summary>
    /// <param name="utf8">Its UTF-8 bytes; they are copied.</param>
    /// <exception cref="ArgumentException">They are no subject to publish to.</exception>
    public NatsSubject(ReadOnlySpan<byte> utf8) =>
        _utf8 = IsValid(utf8, wildcards: false) ? utf8.ToArray() : throw Invalid(Encoding.UTF8.GetString(utf8), wildcards: false);

    /// <summary>Whether this is no subject.</summary>
    public bool IsEmpty => _utf8 is null;

    /// <summary>The UTF-8 bytes.</summary>
    public ReadOnlySpan<byte> Span => _utf8;

    /// <summary>Checks and encodes a text.</summary>
    /// <param name="subject">The text.</param>
    /// <exception cref="ArgumentException">It is no subject to publish to.</exception>
    public static implicit operator NatsSubject(string subject) => new(subject);

    /// <summary>Whether two subjects are the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(NatsSubject left, NatsSubject right) => left.Equals(right);

    /// <summary>Whether two subjects differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(NatsSubject left, NatsSubject right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(NatsSubject other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NatsSubject other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>The text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Span);

    internal static byte[] Encode(string subject, bool wildcards)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var utf8 = Encoding.UTF8.GetBytes(subject);
        return IsValid(utf8, wildcards) ? utf8 : throw Invalid(subject, wildcards);
    }

    internal static bool IsValid(string? subject, bool wildcards) => subject is not null && IsValid(Encoding.UTF8.GetBytes(subject), wildcards);

    /// <summary>Whether bytes are a subject: <c>token *("." token)</c>; with wildcards a token may be <c>*</c>, and the last one <c>></c>.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> utf8, bool wildcards)
    {
        if (utf8.Length is 0 or > MaxBytes)
        {
            return false;
        }

        var start = 0;
        for (var i = 0; i <= utf8.Length; i++)
        {
            if (i < utf8.Length && utf8[i] != (byte)'.')
            {
                if (utf8[i] is <= (byte)' ' or 0x7F)
                {
                    return false;
                }

                continue;
            }

            if (!IsToken(utf8[start..i], last: i == utf8.Length, wildcards))
            {
                return false;
            }

            start = i + 1;
        }

        return true;
    }

    private static bool IsToken(ReadOnlySpan<byte> token, bool last, bool wildcards) => token switch
    {
        [] => false,
        [(byte)'*'] => wildcards,
        [(byte)'>'] => wildcards && last,
        _ => true,
    };

    private static ArgumentException Invalid(string subject, bool wildcards) => new(
        $"'{subject}' is no subject: it needs 1 to {MaxBytes} bytes of non-empty tokens separated by dots, without blanks{(wildcards ? "" : " or wildcards")}.", nameof(subject));
}

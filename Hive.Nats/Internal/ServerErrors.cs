namespace Hive.Nats.Internal;

/// <summary>What the texts of -ERR mean.</summary>
internal static class ServerErrors
{
    private const string SubscriptionViolation = "Permissions Violation for Subscription to \"";

    private const string PublicationViolation = "Permissions Violation for Publish to \"";

    /// <summary>Whether the server goes on after this error.</summary>
    public static bool IsHarmless(string text) =>
        IsPermissionsViolation(text) || text.StartsWith("Invalid Subject", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("Invalid Publish Subject", StringComparison.OrdinalIgnoreCase);

    public static bool IsPermissionsViolation(string text) => text.StartsWith("Permissions Violation", StringComparison.OrdinalIgnoreCase);

    /// <summary>The subject whose subscription was refused; null if the error is about something else.</summary>
    public static string? RefusedSubscription(string text) => Quoted(text, SubscriptionViolation);

    /// <summary>The subject to which a publication was refused; null if the error is about something else.</summary>
    public static string? RefusedPublication(string text) => Quoted(text, PublicationViolation);

    /// <summary>The failure that an error stands for.</summary>
    public static NatsException ToException(string text, string place)
    {
        var kind = text.Contains("Authorization Violation", StringComparison.OrdinalIgnoreCase) || text.Contains("Authentication", StringComparison.OrdinalIgnoreCase)
            ? NatsErrorKind.AuthorizationViolation
            : text.Contains("TLS", StringComparison.OrdinalIgnoreCase) ? NatsErrorKind.TlsFailure : NatsErrorKind.ServerError;
        return new NatsException(kind, $"The NATS server at {place} says: {text}.");
    }

    /// <summary>The text of an error, fit to be shown.</summary>
    public static string Text(ReadOnlySpan<byte> text) => string.Create(text.Length, text, static (target, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            target[i] = source[i] is >= 0x20 and < 0x7F ? (char)source[i] : '.';
        }
    });

    private static string? Quoted(string text, string start) =>
        text.StartsWith(start, StringComparison.OrdinalIgnoreCase) && text.IndexOf('"', start.Length) is >= 0 and var end ? text[start.Length..end] : null;
}

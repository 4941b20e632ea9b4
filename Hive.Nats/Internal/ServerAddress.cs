namespace Hive.Nats.Internal;

/// <summary>A server's address, taken apart.</summary>
internal sealed record ServerAddress(string Host, int Port, bool Tls)
{
    private const int DefaultPort = 4222;

    public static ServerAddress Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("nats" or "tls") || uri.Host.Length == 0
            || uri.UserInfo.Length > 0 || uri.PathAndQuery.Trim('/').Length > 0)
        {
            // The text itself stays out of the message: it may hold a password.
            throw new ArgumentException("A server's address must be nats://host:port or tls://host:port, without user, password or path.", nameof(text));
        }

        return new ServerAddress(uri.IdnHost, uri.Port < 0 ? DefaultPort : uri.Port, uri.Scheme == "tls");
    }

    public override string ToString() => $"{(Tls ? "tls" : "nats")}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";
}

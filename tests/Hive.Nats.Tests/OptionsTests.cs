namespace Hive.Nats.Tests;

public sealed class OptionsTests
{
    public static TheoryData<NatsOptions, string> Wrong => new()
    {
        { new NatsOptions { Servers = [] }, "Servers" },
        { new NatsOptions { Servers = ["http://localhost"] }, "nats://" },
        { new NatsOptions { Servers = ["nats://ada:secret@localhost"] }, "without user" },
        { new NatsOptions { Servers = ["localhost:4222"] }, "nats://" },
        { new NatsOptions { User = "ada" }, "password" },
        { new NatsOptions { User = "ada", Password = "x", Token = "y" }, "either" },
        { new NatsOptions { InboxPrefix = "_INBOX.*" }, "InboxPrefix" },
        { new NatsOptions { ConnectTimeout = TimeSpan.Zero }, "ConnectTimeout" },
        { new NatsOptions { ReconnectDelay = TimeSpan.FromSeconds(10) }, "MaxReconnectDelay" },
        { new NatsOptions { MaxReconnectRounds = 0 }, "MaxReconnectRounds" },
        { new NatsOptions { MaxPingsOutstanding = 0 }, "MaxPingsOutstanding" },
        { new NatsOptions { OutgoingBufferBytes = 1 }, "OutgoingBufferBytes" },
        { new NatsOptions { MaxPayloadBytes = 0 }, "MaxPayloadBytes" },
        { new NatsOptions { MaxRequestsInFlight = 0 }, "MaxRequestsInFlight" },
        { new NatsOptions { Tls = new NatsTls { CertificateFile = "a.pem" } }, "KeyFile" },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public async Task An_option_out_of_range_is_named(NatsOptions options, string named)
    {
        var e = await Assert.ThrowsAnyAsync<ArgumentException>(() => NatsConnection.ConnectAsync(options));

        Assert.Contains(named, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "v")]
    [InlineData("a:b", "v")]
    [InlineData("a b", "v")]
    [InlineData("ä", "v")]
    [InlineData("a", "v\r\nb: c")]
    public void A_header_that_would_break_the_block_is_refused(string name, string value) =>
        Assert.Throws<ArgumentException>(() => NatsHeaders.Create((name, value)));
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hive.Testing;

namespace Hive.Nats.Tests;

public sealed class SecurityTests : IDisposable
{
    private readonly string _directory = TemporaryDirectory.Create("hive-nats-tls");

    public void Dispose() => TemporaryDirectory.Delete(_directory);

    [Fact]
    public async Task The_right_user_is_let_in_and_a_wrong_one_is_told_so()
    {
        await using var server = await NatsServer.StartAsync("authorization { user: ada, password: secret }");
        var options = new NatsOptions { Servers = [server.Location], User = "ada", Password = "secret" };

        await AssertWorksAsync(options);
        await AssertFailsAsync(NatsErrorKind.AuthorizationViolation, "Authorization Violation", options with { Password = "wrong" });
        var e = await AssertFailsAsync(NatsErrorKind.AuthorizationViolation, "Authorization Violation", options with { User = null, Password = null });
        Assert.Contains(server.Location, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_right_token_is_let_in_and_a_wrong_one_is_told_so()
    {
        await using var server = await NatsServer.StartAsync("authorization { token: \"s3cr3t\" }");
        var options = new NatsOptions { Servers = [server.Location], Token = "s3cr3t" };

        await AssertWorksAsync(options);
        await AssertFailsAsync(NatsErrorKind.AuthorizationViolation, "Authorization Violation", options with { Token = "wrong" });
    }

    [Fact]
    public async Task TLS_holds_with_the_right_files_and_fails_clearly_with_wrong_ones()
    {
        using var authority = Authority("Hive test");
        using var stranger = Authority("Somebody else");
        var ca = WriteCertificate("ca", authority);
        Issue("server", authority, server: true);
        Issue("client", authority, server: false);
        Issue("stranger", stranger, server: false);
        await using var server = await NatsServer.StartAsync(
            $"tls {{ cert_file: \"{Pem("server")}\", key_file: \"{Key("server")}\", ca_file: \"{ca}\", verify: true }}");
        var tls = new NatsTls { AuthorityFile = ca, CertificateFile = Pem("client"), KeyFile = Key("client") };
        var options = new NatsOptions { Servers = [$"tls://127.0.0.1:{server.Port}"], Tls = tls };

        await AssertWorksAsync(options);
        await AssertWorksAsync(options with { Servers = [$"tls://localhost:{server.Port}"] });
        await AssertFailsAsync(NatsErrorKind.TlsFailure, "certificate", options with { Tls = tls with { ServerName = "elsewhere.example" } });
        await AssertFailsAsync(NatsErrorKind.TlsFailure, "certificate", options with { Tls = tls with { AuthorityFile = WriteCertificate("stranger-ca", stranger) } });
        await AssertFailsAsync(NatsErrorKind.TlsFailure, "certificate", options with { Tls = tls with { CertificateFile = Pem("stranger"), KeyFile = Key("stranger") } });
        await AssertFailsAsync(NatsErrorKind.TlsFailure, "certificate", options with { Tls = tls with { CertificateFile = null, KeyFile = null } });
        await AssertFailsAsync(NatsErrorKind.TlsFailure, "missing.pem", options with { Tls = tls with { AuthorityFile = Path.Combine(_directory, "missing.pem") } });
    }

    [Fact]
    public async Task TLS_that_the_server_does_not_offer_is_not_done_without()
    {
        await using var server = await NatsServer.StartAsync();

        await AssertFailsAsync(NatsErrorKind.TlsFailure, "offers no TLS", new NatsOptions { Servers = [$"tls://127.0.0.1:{server.Port}"], User = "a", Password = "b" });
    }

    [Fact]
    public async Task What_is_not_permitted_fails_and_the_connection_goes_on()
    {
        await using var server = await NatsServer.StartAsync("""
            authorization { users = [ { user: ada, password: secret, permissions: { publish: ["open.>", "_INBOX.>"], subscribe: ["open.>", "_INBOX.ada.>"] } } ] }
            """);
        await using var nats = await NatsConnection.ConnectAsync(new NatsOptions { Servers = [server.Location], User = "ada", Password = "secret", InboxPrefix = "_INBOX.ada" });
        var notices = new System.Collections.Concurrent.ConcurrentQueue<NatsNotice>();
        nats.Noticed += notices.Enqueue;

        var refused = await nats.SubscribeAsync("closed.>");
        var e = await Assert.ThrowsAsync<NatsException>(() => refused.Completion);
        Assert.Equal(NatsErrorKind.PermissionsViolation, e.Kind);
        Assert.Contains("closed.>", e.Message, StringComparison.Ordinal);

        Assert.True(nats.TryPublish("closed.door", "knock"u8));
        await nats.FlushAsync();
        Assert.Equal([NatsNoticeKind.PermissionsViolation, NatsNoticeKind.PermissionsViolation], notices.Select(notice => notice.Kind));
        Assert.Same(refused, notices.First().Subscription);

        e = await Assert.ThrowsAsync<NatsException>(async () => await nats.RequestAsync("closed.question", default, TimeSpan.FromHours(1)));
        Assert.Equal(NatsErrorKind.PermissionsViolation, e.Kind);

        await nats.SubscribeAsync("open.question", (in NatsMessageView request) => nats.TryRespond(request, "yes"u8));
        Assert.Equal(3, (await nats.RequestAsync("open.question", default, TimeSpan.FromSeconds(20))).Payload.Length);
        Assert.Equal(NatsState.Connected, nats.State);
    }

    [Fact]
    public async Task An_inbox_that_is_not_permitted_fails_the_request()
    {
        await using var server = await NatsServer.StartAsync("""
            authorization { users = [ { user: ada, password: secret, permissions: { publish: ">", subscribe: ["_INBOX.ada.>"] } } ] }
            """);
        await using var nats = await NatsConnection.ConnectAsync(new NatsOptions { Servers = [server.Location], User = "ada", Password = "secret", InboxPrefix = "_INBOX.eve" });

        var e = await Assert.ThrowsAsync<NatsException>(async () => await nats.RequestAsync("anything", default, TimeSpan.FromHours(1)));

        Assert.Equal(NatsErrorKind.PermissionsViolation, e.Kind);
    }

    [Fact]
    public void Options_show_no_secret()
    {
        var options = new NatsOptions { User = "ada", Password = "hush", Name = "n" };

        Assert.DoesNotContain("hush", options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", (options with { User = null, Password = null, Token = "hush" }).ToString(), StringComparison.Ordinal);
    }

    private static async Task AssertWorksAsync(NatsOptions options)
    {
        await using var nats = await NatsConnection.ConnectAsync(options);
        var subscription = await nats.SubscribeAsync("a");
        Assert.True(nats.TryPublish("a", new byte[100_000]));
        Assert.Equal(100_000, (await subscription.Messages.ReadAsync()).Payload.Length);
    }

    private static async Task<NatsException> AssertFailsAsync(NatsErrorKind kind, string said, NatsOptions options)
    {
        var e = await Assert.ThrowsAsync<NatsException>(() => NatsConnection.ConnectAsync(options));
        Assert.True(kind == e.Kind, $"{e.Kind}: {e.Message}");
        Assert.Contains(said, e.Message, StringComparison.OrdinalIgnoreCase);
        return e;
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    private void Issue(string name, X509Certificate2 authority, bool server)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(server ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2")], critical: false));
        if (server)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            names.AddDnsName("localhost");
            request.CertificateExtensions.Add(names.Build());
        }

        using var certificate = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(29), RandomNumberGenerator.GetBytes(8));
        WriteCertificate(name, certificate);
        File.WriteAllText(Key(name), key.ExportPkcs8PrivateKeyPem());
    }

    private string WriteCertificate(string name, X509Certificate2 certificate)
    {
        File.WriteAllText(Pem(name), certificate.ExportCertificatePem());
        return Pem(name);
    }

    private string Pem(string name) => Path.Combine(_directory, $"{name}.pem");

    private string Key(string name) => Path.Combine(_directory, $"{name}-key.pem");
}

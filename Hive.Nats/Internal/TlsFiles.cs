using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Hive.Nats.Internal;

/// <summary>Reads certificates and keys anew for each connection, so that renewed files need no restart.</summary>
internal static class TlsFiles
{
    public static SslClientAuthenticationOptions Load(NatsTls? tls, string host)
    {
        var authentication = new SslClientAuthenticationOptions { TargetHost = tls?.ServerName ?? host };
        if (tls?.AuthorityFile is { } authority)
        {
            var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            chain.CustomTrustStore.ImportFromPemFile(authority);
            authentication.CertificateChainPolicy = chain;
        }

        if (tls is { CertificateFile: { } certificate, KeyFile: { } key })
        {
            authentication.ClientCertificateContext = SslStreamCertificateContext.Create(
                X509Certificate2.CreateFromPemFile(certificate, key), additionalCertificates: null, offline: true);
        }

        return authentication;
    }
}

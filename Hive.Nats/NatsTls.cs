namespace Hive.Nats;

/// <summary>What TLS to the server rests on. The server's certificate and name are always checked.</summary>
public sealed record NatsTls
{
    /// <summary>A PEM file of the authorities to trust, and no others; null for those of the machine.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>A PEM file with this client's certificate, with <see cref="KeyFile"/>; null for none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>A PEM file with the private key of <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The name that the server's certificate must carry; null for the host of its address.</summary>
    public string? ServerName { get; init; }

    internal void Validate()
    {
        if (CertificateFile is null != KeyFile is null)
        {
            throw new ArgumentException("NatsTls needs CertificateFile and KeyFile together, or neither.", nameof(KeyFile));
        }
    }
}

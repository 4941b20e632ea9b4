using System.Security.Cryptography;

namespace Hive.Basins;

/// <summary>A key to sign basins and deltas with: ECDSA over P-256. What is signed is the address, so a signature is detached and an address never depends on who signed.</summary>
public sealed class BasinKey : IDisposable
{
    private const int MaxFile = 4096;

    private readonly ECDsa _key;

    private BasinKey(ECDsa key)
    {
        _key = key;
        PublicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
        Id = IdOf(PublicKey);
    }

    /// <summary>The public key: SubjectPublicKeyInfo (RFC 5480) in Base64.</summary>
    public string PublicKey { get; }

    /// <summary>Its id: the first 32 hexadecimal digits of the SHA-256 of the SubjectPublicKeyInfo.</summary>
    public string Id { get; }

    /// <summary>A new key, kept nowhere.</summary>
    public static BasinKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>The key in a file; where there is none it is made, readable by its owner alone (0600).</summary>
    /// <param name="path">The file; PKCS #8 in PEM.</param>
    /// <exception cref="FormatException">The file holds no such key.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static BasinKey LoadOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            Save(path, fresh.ExportPkcs8PrivateKeyPem());
        }

        if (new FileInfo(path).Length > MaxFile) throw new FormatException($"{path} is no key: it has more than {MaxFile:N0} bytes");
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            if (key.ExportParameters(false).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value) throw new ArgumentException("the curve is not P-256");
            return new BasinKey(key);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new FormatException($"{path} holds no P-256 key in PEM: {e.Message}", e);
        }
    }

    /// <summary>The id of a public key.</summary>
    /// <param name="publicKey">SubjectPublicKeyInfo in Base64.</param>
    /// <exception cref="FormatException">It is not Base64.</exception>
    public static string IdOf(string publicKey) => Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(publicKey)))[..BasinNames.KeyIdLength];

    /// <summary>Signs an address.</summary>
    /// <param name="address">64 hexadecimal digits.</param>
    public BasinSignature Sign(string address) => new(PublicKey, Convert.ToBase64String(_key.SignHash(Convert.FromHexString(address))));

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static void Save(string path, string pem)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using var writer = new StreamWriter(path, options);
            writer.Write(pem);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made it first; its key counts.
        }
    }
}

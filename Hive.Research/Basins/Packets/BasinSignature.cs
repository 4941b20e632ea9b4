using System.Security.Cryptography;
using System.Text.Json;

namespace Hive.Basins;

/// <summary>A detached signature of an address.</summary>
/// <param name="PublicKey">The signer's public key: SubjectPublicKeyInfo in Base64.</param>
/// <param name="Value">ECDSA over P-256 of the address's 32 bytes, r and s as 64 bytes (IEEE P1363), in Base64.</param>
public sealed record BasinSignature(string PublicKey, string Value)
{
    private const int MaxBytes = 1024;

    /// <summary>The signature as JSON, <c>{"publicKey":…,"signature":…}</c>.</summary>
    public byte[] ToJson() => CanonicalJson.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("publicKey", PublicKey);
        writer.WriteString("signature", Value);
        writer.WriteEndObject();
    });

    /// <summary>Reads what <see cref="ToJson"/> wrote, from anybody.</summary>
    /// <param name="json">The JSON.</param>
    /// <exception cref="BasinRefusedException">It is no signature.</exception>
    public static BasinSignature Read(ReadOnlyMemory<byte> json)
    {
        if (json.Length > MaxBytes) throw new BasinRefusedException(RefusalReason.Oversized, $"a signature has at most {MaxBytes:N0} bytes; this has {json.Length:N0}");
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 2, AllowDuplicateProperties = false });
            return new BasinSignature(document.RootElement.GetProperty("publicKey").GetString() ?? "", document.RootElement.GetProperty("signature").GetString() ?? "");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new BasinRefusedException(RefusalReason.BadSignature, $"this is no signature {{\"publicKey\": …, \"signature\": …}}: {e.Message}");
        }
    }

    /// <summary>A public key ready to verify; null where it is no P-256 key.</summary>
    internal static ECDsa? Import(string publicKey)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
            if (key.ExportParameters(false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value) return key;
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            // It is no key: said by the answer.
        }

        key.Dispose();
        return null;
    }

    /// <summary>Whether this is a key's signature of an address.</summary>
    internal bool IsOf(string address, ECDsa key)
    {
        try
        {
            return key.VerifyHash(Convert.FromHexString(address), Convert.FromBase64String(Value));
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return false;
        }
    }
}

using System.Collections.Immutable;
using System.Text.Json;

namespace Hive.Basins;

/// <summary>A key whose word is taken.</summary>
/// <param name="Name">Whose it is, for people.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo in Base64.</param>
/// <param name="Trust">How far, from 0 to 1; a factor of a delta's weight.</param>
public sealed record TrustedKey(string Name, string PublicKey, double Trust);

/// <summary>Whose signatures count. Immutable; a key that is not on it is nobody's.</summary>
/// <param name="Keys">The keys.</param>
public sealed record TrustList(ImmutableArray<TrustedKey> Keys)
{
    private const int MaxKeys = 10_000;
    private const int MaxFile = 4 << 20;

    /// <summary>Nobody.</summary>
    public static TrustList Empty { get; } = new([]);

    /// <summary>Reads a list: <c>{"keys": [{"name": …, "publicKey": …, "trust": 1}]}</c>.</summary>
    /// <param name="path">The file; one that is not there is an empty list.</param>
    /// <exception cref="FormatException">It is no such list; the message says where.</exception>
    public static TrustList Load(string path)
    {
        if (!File.Exists(path)) return Empty;
        if (new FileInfo(path).Length > MaxFile) throw new FormatException($"{path} has more than {MaxFile:N0} bytes; that is no list of keys");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            var keys = document.RootElement.GetProperty("keys").EnumerateArray().Select(Key).ToImmutableArray();
            return keys.Length <= MaxKeys ? new TrustList(keys) : throw new FormatException($"a list has at most {MaxKeys:N0} keys");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FormatException($"{path} is no list of trusted keys: {e.Message}", e);
        }
    }

    /// <summary>How far a signature of an address is trusted.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="address">What it signs.</param>
    /// <param name="author">The key that the bytes name as their author's; another's signature does not count.</param>
    /// <returns>The key's trust, from 0 to 1.</returns>
    /// <exception cref="BasinRefusedException">The key is unknown or another's, or the signature is not of the address.</exception>
    public double Check(BasinSignature signature, string address, string author)
    {
        var known = Keys.FirstOrDefault(key => key.PublicKey == signature.PublicKey)
            ?? throw new BasinRefusedException(RefusalReason.UnknownKey, "it is signed with a key that nobody here trusts; add the key to the trust list if you know whose it is");
        if (BasinKey.IdOf(known.PublicKey) != author) throw new BasinRefusedException(RefusalReason.BadSignature, $"it is signed by '{known.Name}', who is not its author {author}");
        return signature.IsOf(address) ? known.Trust : throw new BasinRefusedException(RefusalReason.BadSignature, $"the signature is not of {address}: the bytes were changed, or signed anew");
    }

    private static TrustedKey Key(JsonElement element, int index)
    {
        var key = new TrustedKey(element.GetProperty("name").GetString() ?? "", element.GetProperty("publicKey").GetString() ?? "", element.GetProperty("trust").GetDouble());
        if (!(key.Trust is >= 0 and <= 1)) throw new FormatException($"keys[{index}].trust is from 0 to 1");
        _ = BasinKey.IdOf(key.PublicKey);
        return key;
    }
}

using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace Hive.Basins;

/// <summary>A key whose word is taken.</summary>
/// <param name="Name">Whose it is, for people.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo in Base64.</param>
/// <param name="Trust">How far, from 0 to 1; a factor of a delta's weight.</param>
public sealed record TrustedKey(string Name, string PublicKey, double Trust);

/// <summary>Whose signatures count. Immutable; a key that is not on it is nobody's. Safe for several threads.</summary>
public sealed class TrustList
{
    private const int MaxKeys = 10_000;
    private const int MaxFile = 4 << 20;

    private readonly FrozenDictionary<string, Verifier> _verifiers;

    /// <summary>A list of these keys.</summary>
    /// <param name="keys">The keys; of one that is there twice the first counts.</param>
    /// <exception cref="FormatException">A public key is not Base64.</exception>
    public TrustList(ImmutableArray<TrustedKey> keys)
    {
        Keys = keys;
        _verifiers = keys.DistinctBy(key => key.PublicKey).ToFrozenDictionary(key => key.PublicKey, key => new Verifier(key));
    }

    /// <summary>Nobody.</summary>
    public static TrustList Empty { get; } = new([]);

    /// <summary>The keys.</summary>
    public ImmutableArray<TrustedKey> Keys { get; }

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
        var known = _verifiers.GetValueOrDefault(signature.PublicKey)
            ?? throw new BasinRefusedException(RefusalReason.UnknownKey, "it is signed with a key that nobody here trusts; add the key to the trust list if you know whose it is");
        if (known.Id != author) throw new BasinRefusedException(RefusalReason.BadSignature, $"it is signed by '{known.Key.Name}', who is not its author {author}");
        return known.Verifies(signature, address) ? known.Key.Trust : throw new BasinRefusedException(RefusalReason.BadSignature, $"the signature is not of {address}: the bytes were changed, or signed anew");
    }

    private static TrustedKey Key(JsonElement element, int index)
    {
        var key = new TrustedKey(element.GetProperty("name").GetString() ?? "", element.GetProperty("publicKey").GetString() ?? "", element.GetProperty("trust").GetDouble());
        if (!(key.Trust is >= 0 and <= 1)) throw new FormatException($"keys[{index}].trust is from 0 to 1");
        _ = BasinKey.IdOf(key.PublicKey);
        return key;
    }

    /// <summary>A key as it is used: importing one costs as much as verifying with it, so imported ones are kept, one for each thread that verifies at once.</summary>
    private sealed class Verifier(TrustedKey key)
    {
        private readonly ConcurrentBag<ECDsa> _imported = [];

        public TrustedKey Key { get; } = key;

        public string Id { get; } = BasinKey.IdOf(key.PublicKey);

        public bool Verifies(BasinSignature signature, string address)
        {
            if (!_imported.TryTake(out var imported)) imported = BasinSignature.Import(Key.PublicKey);
            if (imported is null) return false;
            try
            {
                return signature.IsOf(address, imported);
            }
            finally
            {
                _imported.Add(imported);
            }
        }
    }
}

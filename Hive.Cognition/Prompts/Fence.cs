using System.Security.Cryptography;
using System.Text;

namespace Hive.Cognition.Prompts;

/// <summary>
/// Marks data from outside in a prompt, so that a model can tell it from instructions. The marks carry a tag that depends on the data and does not occur in it; whoever
/// wrote the data can therefore not end its fence.
/// </summary>
public static class Fence
{
    /// <summary>Puts data between two marks: the first line is <c>&lt;&lt;&lt;LABEL TAG</c> and the last one <c>LABEL TAG&gt;&gt;&gt;</c>, where the tag is 16 hexadecimal
    /// digits of the SHA-256 of label and data, hashed again while the data contains it.</summary>
    /// <param name="label">What the data is: 1 to 64 letters, digits, '-', '_' and '.'.</param>
    /// <param name="data">The data. Control characters other than line feed and tab are taken out of it, and halves of surrogate pairs replaced.</param>
    /// <exception cref="ArgumentException">The label has other characters, or none, or too many.</exception>
    public static string Wrap(string label, string data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (label.Length is 0 or > 64 || label.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
        {
            throw new ArgumentException($"A fence's label has 1 to 64 letters, digits, '-', '_' and '.'; '{label}' has not.", nameof(label));
        }

        var clean = Wording.Clean(data);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(label + "\n"));
        hash.AppendData(Encoding.UTF8.GetBytes(clean));
        var tag = FreeTag(hash.GetHashAndReset(), clean);
        return $"<<<{label} {tag}\n{clean}\n{label} {tag}>>>";
    }

    /// <summary>The first 16 digits of a digest, of its digest, and so on, that the data does not contain.</summary>
    internal static string FreeTag(byte[] digest, string data)
    {
        // Data of n characters contains fewer than n tags, so this ends.
        while (true)
        {
            var tag = Convert.ToHexStringLower(digest.AsSpan(0, 8));
            if (!data.Contains(tag, StringComparison.Ordinal)) return tag;
            digest = SHA256.HashData(digest);
        }
    }
}

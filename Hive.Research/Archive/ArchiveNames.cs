using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Hive.Archive;

/// <summary>
/// Names that are safe as a part of a branch or a path, on every file system: lower-case letters, digits, <c>-</c> and <c>_</c>. A name that is not of these, or looks like one that
/// was made so, gets eight digits of its hash at its end, so that different names stay different.
/// </summary>
internal static class ArchiveNames
{
    private const int MaxLength = 60;
    private const int HashLength = 8;

    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>A name's safe form.</summary>
    public static string Safe(string name)
    {
        if (name.Length is > 0 and <= MaxLength && !name.AsSpan().ContainsAnyExcept(Letters) && name[0] is not '-' && !IsMarked(name))
        {
            return name;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(name)))[..HashLength];
        var letters = name.Take(MaxLength - HashLength - 1).Select(letter => Letters.Contains(char.ToLowerInvariant(letter)) ? char.ToLowerInvariant(letter) : '-');
        var kept = string.Concat(letters).Trim('-');
        return kept.Length == 0 ? $"x-{hash}" : $"{kept}-{hash}";
    }

    /// <summary>A name as git takes it for an author: one line without angle brackets, and never empty.</summary>
    public static string Author(string name)
    {
        var kept = string.Concat(name.Where(letter => !char.IsControl(letter) && !char.IsSurrogate(letter) && letter is not ('<' or '>'))).Trim(" .,:;\"'".ToCharArray());
        return kept.Length == 0 ? "unnamed" : kept;
    }

    private static bool IsMarked(string name) =>
        name.Length > HashLength && name[^(HashLength + 1)] == '-' && !name.AsSpan(name.Length - HashLength).ContainsAnyExcept(HexDigits);
}

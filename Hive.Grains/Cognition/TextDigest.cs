using System.Security.Cryptography;
using System.Text;

namespace Hive.Cognition;

/// <summary>Names for texts, so that what was found of one text is never taken for another's.</summary>
internal static class TextDigest
{
    /// <summary>Twelve hexadecimal digits of the SHA-256 of a text.</summary>
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 6));
}

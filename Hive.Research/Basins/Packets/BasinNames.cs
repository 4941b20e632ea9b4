using System.Buffers;

namespace Hive.Basins;

/// <summary>What addresses, keys, claims and domains may be called.</summary>
internal static class BasinNames
{
    public const int AddressLength = 64;
    public const int KeyIdLength = 32;
    public const int MaxDomain = 64;
    public const int MaxClaim = 32;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:");

    public static bool IsAddress(string text) => text.Length == AddressLength && !text.AsSpan().ContainsAnyExcept(Hexadecimal);

    public static bool IsKeyId(string text) => text.Length == KeyIdLength && !text.AsSpan().ContainsAnyExcept(Hexadecimal);

    public static bool IsDomain(string text) => text.Length is > 0 and <= MaxDomain && !text.AsSpan().ContainsAnyExcept(Plain);

    public static bool IsClaim(string text) => text.Length is > 0 and <= MaxClaim && !text.AsSpan().ContainsAnyExcept(Plain);
}

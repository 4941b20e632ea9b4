using System.Buffers;
using Hive.Research;

namespace Hive.Leaderboards;

/// <summary>What a leaderboard ranks. Only results of one domain with one fingerprint compare, so everything that carries results carries this, and what differs is refused.</summary>
public sealed record LeaderboardKey
{
    /// <summary>The most characters of a domain's name.</summary>
    public const int MaxDomain = 40;

    /// <summary>The characters of a fingerprint.</summary>
    public const int FingerprintLength = 64;

    private static readonly SearchValues<char> NameLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>The leaderboard of a domain.</summary>
    /// <param name="domain">The domain's name: 1 to <see cref="MaxDomain"/> letters, digits, <c>-</c> and <c>_</c>.</param>
    /// <param name="fingerprint">The domain's <see cref="IResearchDomain.Fingerprint"/>.</param>
    /// <param name="direction">Which way is better.</param>
    /// <exception cref="ArgumentException">A part breaks its rule.</exception>
    public LeaderboardKey(string domain, string fingerprint, Direction direction)
    {
        if (domain.Length is 0 or > MaxDomain || domain.AsSpan().ContainsAnyExcept(NameLetters))
        {
            throw new ArgumentException($"'{domain}' is no name of a domain: 1 to {MaxDomain} letters, digits, '-' and '_'", nameof(domain));
        }

        if (fingerprint.Length != FingerprintLength || fingerprint.AsSpan().ContainsAnyExcept(Digits))
        {
            throw new ArgumentException($"'{fingerprint}' is no fingerprint: {FingerprintLength} lower-case hexadecimal digits", nameof(fingerprint));
        }

        if (!Enum.IsDefined(direction))
        {
            throw new ArgumentException($"{direction} is no direction", nameof(direction));
        }

        (Domain, Fingerprint, Direction) = (domain, fingerprint, direction);
    }

    /// <summary>The leaderboard of a domain, under the domain's name with <c>-</c> for each character that a name here has not.</summary>
    /// <param name="domain">The domain.</param>
    /// <exception cref="ArgumentException">It has no name, or its fingerprint breaks a rule.</exception>
    public static LeaderboardKey Of(IResearchDomain domain) =>
        new(new string([.. domain.Name.Take(MaxDomain).Select(letter => NameLetters.Contains(letter) ? letter : '-')]), domain.Fingerprint, domain.Direction);

    /// <summary>The domain's name.</summary>
    public string Domain { get; }

    /// <summary>SHA-256 in lower-case hexadecimal of all that decides the domain's values.</summary>
    public string Fingerprint { get; }

    /// <summary>Which way is better.</summary>
    public Direction Direction { get; }

    /// <summary>The domain, the direction and the beginning of the fingerprint.</summary>
    public override string ToString() => $"{Domain} ({Direction.ToString().ToLowerInvariant()}, {Fingerprint[..12]})";
}

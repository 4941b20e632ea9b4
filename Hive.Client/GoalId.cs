using System.Security.Cryptography;

namespace Hive.Client;

/// <summary>Ids of goals: short, without look-alikes, fit for file names and the keys of agents.</summary>
public static class GoalId
{
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int NewLength = 10;
    private const int MaxLength = 64;

    /// <summary>A new id: ten letters and digits, some 49 random bits.</summary>
    public static string New() => RandomNumberGenerator.GetString(Letters, NewLength);

    /// <summary>Checks an id.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The same id.</returns>
    /// <exception cref="ArgumentException">It is none: 1 to 64 letters, digits, <c>-</c> and <c>_</c>.</exception>
    public static string Check(string id) =>
        id.Length is > 0 and <= MaxLength && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            ? id
            : throw new ArgumentException($"'{(id.Length <= MaxLength ? id : id[..MaxLength])}' is no goal's id: 1 to {MaxLength} letters, digits, '-' and '_'", nameof(id));
}

using System.Collections.Immutable;

namespace Hive.Basins;

/// <summary>What a packet says besides its point.</summary>
/// <param name="Domain">The domain's name: 1 to 64 letters, digits, <c>-</c>, <c>_</c>, <c>.</c> and <c>:</c>.</param>
/// <param name="Fingerprint">The domain's fingerprint, 64 hexadecimal digits: what was learnt on other data is refused.</param>
/// <param name="Parents">The addresses of the packets that it was made from, at most <see cref="MaxParents"/>.</param>
/// <param name="Experiments">How many experiments are behind it; β follows from them (<see cref="Temperature.Beta"/>).</param>
/// <param name="Fitness">The mean gain of those who used it; higher is better.</param>
/// <param name="Uses">How many did.</param>
/// <param name="Author">The id of the author's key (<see cref="BasinKey.Id"/>), or empty.</param>
/// <param name="Created">When, in Unix milliseconds by the author's clock; for people and for order in a log, trusted for nothing else.</param>
public sealed record BasinRecord(
    string Domain,
    string Fingerprint,
    ImmutableArray<string> Parents,
    long Experiments,
    double Fitness,
    long Uses,
    string Author,
    long Created)
{
    /// <summary>The most parents.</summary>
    public const int MaxParents = 4;

    /// <summary>The largest count and time: 15 digits, which every JSON reader keeps exactly.</summary>
    public const long MaxCount = 999_999_999_999_999;

    /// <summary>What is wrong with the record; null where nothing is.</summary>
    internal string? Mistake() =>
        !BasinNames.IsDomain(Domain) ? $"'{Domain}' is no name of a domain"
        : !BasinNames.IsAddress(Fingerprint) ? "the fingerprint is not 64 lower-case hexadecimal digits"
        : Parents.IsDefault || Parents.Length > MaxParents || !Parents.All(BasinNames.IsAddress) || Parents.Distinct().Count() != Parents.Length
            ? $"parents are at most {MaxParents} different addresses of 64 lower-case hexadecimal digits"
        : Experiments is < 0 or > MaxCount ? "the experiments are out of range"
        : !double.IsFinite(Fitness) ? "the fitness is not finite"
        : Uses is < 0 or > MaxCount ? "the uses are out of range"
        : Author.Length > 0 && !BasinNames.IsKeyId(Author) ? "the author is no id of a key (32 lower-case hexadecimal digits)"
        : Created is < 0 or > MaxCount ? "the time is out of range"
        : null;
}

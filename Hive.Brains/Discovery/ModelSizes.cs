using System.Globalization;
using System.Text.RegularExpressions;

namespace Hive.Brains.Discovery;

/// <summary>Reads how many parameters a model has from what it is called.</summary>
public static partial class ModelSizes
{
    private const int MaxLength = 500;

    private static readonly string[] EmbeddingWords = ["embed", "minilm", "bge-", "gte-", "rerank", "e5-", "bert"];

    /// <summary>
    /// The size that a name or a size text speaks of, in thousand millions: 4 for <c>qwen3:4b</c>, 56 for <c>mixtral-8x7b</c>, 0.27 for <c>270m</c>.
    /// The largest, where it speaks of several: <c>qwen3:30b-a3b</c> has 30, of which 3 are active at a time.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <returns>The size; absent where it speaks of none.</returns>
    public static double? OfName(string name)
    {
        double? largest = null;
        foreach (Match match in SizePattern.Matches(name.Length <= MaxLength ? name : name[..MaxLength]))
        {
            var count = double.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture);
            var experts = match.Groups["experts"] is { Success: true } group ? double.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 1;
            var unit = char.ToLowerInvariant(match.Groups["unit"].ValueSpan[0]) switch { 'm' => 1e-3, 'b' => 1, _ => 1e3 };
            largest = Math.Max(largest ?? 0, count * experts * unit);
        }

        return largest;
    }

    /// <summary>Whether a model's name or family says that it makes vectors or ranks texts, and answers nothing.</summary>
    /// <param name="name">Its name or family.</param>
    public static bool IsEmbedding(string name) => EmbeddingWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    // 'e' as in gemma3n:e4b: effective parameters.
    [GeneratedRegex("(?<![A-Za-z0-9.])e?(?:(?<experts>[0-9]{1,3})x)?(?<count>[0-9]{1,4}(?:\\.[0-9]{1,4})?)(?<unit>[bmt])(?![A-Za-z0-9])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SizePattern { get; }
}

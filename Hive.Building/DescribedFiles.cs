using System.Text;

namespace Hive.Building;

/// <summary>Reads what a description of the base commit needs.</summary>
/// <param name="tree">The base commit.</param>
internal sealed class DescribedFiles(BaseTree tree)
{
    private const int MaxFiles = 4_000;
    private const long MaxFile = 256 << 10;
    private const long MaxBytes = 32 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes the description.</summary>
    /// <param name="request">What is to be built.</param>
    /// <param name="mostCharacters">How long it may be.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<string> WriteAsync(string request, int mostCharacters, CancellationToken cancellation)
    {
        // What a brain may not change, because its name is a secret's or could pass for something else, it is not told of either.
        var shown = tree.Files.Where(file => EditPath.Check(file.Path) is null).ToArray();
        var words = RequestWords.Of(request);
        var bytes = 0L;
        var read = shown.Where(file => file.IsRegular && file.Size <= MaxFile)
            .OrderByDescending(file => words.Count(word => file.Path.Contains(word, StringComparison.OrdinalIgnoreCase)))
            .ThenBy(file => file.Path.Count(character => character == '/')).ThenBy(file => file.Path, StringComparer.Ordinal)
            .Take(MaxFiles).TakeWhile(file => (bytes += file.Size) <= MaxBytes).ToArray();
        var contents = await tree.ReadAsync(read, cancellation).ConfigureAwait(false);
        var texts = read.Zip(contents, (file, content) => (file.Path, Text: Text(content))).Where(file => file.Text is not null).Select(file => (file.Path, file.Text!)).ToArray();
        return RepositoryDescription.Write([.. shown.Select(file => file.Path)], Relevance.Rank(texts, request), mostCharacters);
    }

    private static string? Text(byte[] content)
    {
        try
        {
            return content.Contains((byte)0) ? null : StrictUtf8.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}

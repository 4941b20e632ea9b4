namespace Hive.Brains.Scripted;

/// <summary>A text in the pieces that a stream brings.</summary>
internal static class TextPieces
{
    private const int Length = 24;

    /// <summary>The pieces in order; no surrogate pair is cut in half.</summary>
    public static IEnumerable<string> Of(string text)
    {
        for (var begin = 0; begin < text.Length;)
        {
            var end = Math.Min(begin + Length, text.Length);
            if (end < text.Length && char.IsHighSurrogate(text[end - 1]))
            {
                end--;
            }

            yield return text[begin..end];
            begin = end;
        }
    }
}

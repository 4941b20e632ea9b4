namespace Hive.Goals;

/// <summary>Whether a word was probably meant for another.</summary>
internal static class Nearness
{
    /// <summary>Whether two words are at most two edits apart (Levenshtein, case ignored), and fewer than half their letters.</summary>
    public static bool IsMisspelling(string word, string of)
    {
        if (word.Length > 64 || Math.Abs(word.Length - of.Length) > 2)
        {
            return false;
        }

        var edits = Edits(word.ToLowerInvariant(), of.ToLowerInvariant());
        return edits <= 2 && edits * 2 < Math.Max(word.Length, of.Length);
    }

    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}

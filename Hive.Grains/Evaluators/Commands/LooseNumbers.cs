namespace Hive.Evaluators.Commands;

/// <summary>
/// Makes JSON of what many writers print for a float that is no number: NaN, Infinity and -Infinity as bare words (Python's <c>json</c> and JavaScript-like printers do).
/// They become <c>null</c>, so that the one candidate fails that has such a metric, and not the conversation.
/// </summary>
internal static class LooseNumbers
{
    /// <summary>Replaces the bare words outside strings.</summary>
    /// <param name="json">Perhaps JSON.</param>
    /// <param name="repaired">The text with <c>null</c> in their place.</param>
    /// <returns>Whether there was one.</returns>
    public static bool TryReplace(ReadOnlySpan<byte> json, out byte[] repaired)
    {
        var text = new List<byte>();
        var isReplaced = false;
        var isInString = false;
        for (var i = 0; i < json.Length; i++)
        {
            if (!isInString && WordAt(json[i..]) is > 0 and var length)
            {
                text.AddRange("null"u8);
                i += length - 1;
                isReplaced = true;
                continue;
            }

            text.Add(json[i]);
            if (isInString && json[i] == (byte)'\\' && i + 1 < json.Length)
            {
                text.Add(json[++i]);
            }
            else if (json[i] == (byte)'"')
            {
                isInString = !isInString;
            }
        }

        repaired = isReplaced ? [.. text] : [];
        return isReplaced;
    }

    private static int WordAt(ReadOnlySpan<byte> text) =>
        text.StartsWith("NaN"u8) ? 3 : text.StartsWith("Infinity"u8) ? 8 : text.StartsWith("-Infinity"u8) ? 9 : 0;
}

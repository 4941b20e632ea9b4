using System.Text;
using System.Text.Json;

namespace Hive.Cognition.Prompts;

/// <summary>Finds the JSON object that a brain was asked for in what it answered.</summary>
public static class JsonReply
{
    /// <summary>How long a reply may be, in characters.</summary>
    public const int MostCharacters = 1_000_000;

    /// <summary>How deeply objects and arrays may lie in one another.</summary>
    public const int MostDepth = 32;

    private const int MostReasonCharacters = 200;
    private const string BeginOfThought = "<think>";
    private const string EndOfThought = "</think>";

    private static readonly JsonReaderOptions ReaderOptions =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MostDepth };

    private static readonly JsonDocumentOptions DocumentOptions =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MostDepth, AllowDuplicateProperties = false };

    private static ReadOnlySpan<byte> WhiteSpace => " \t\r\n"u8;

    /// <summary>
    /// Finds the one JSON object of a reply. Prose and code fences around it do not matter, nor does a thought that it begins with, <c>&lt;think&gt; … &lt;/think&gt;</c>, nor
    /// trailing commas and comments. Two different objects are refused: which one is meant is not for Hive to guess, since one may be a quotation from data.
    /// </summary>
    /// <param name="reply">What the brain answered.</param>
    /// <param name="json">The object; it needs no disposal.</param>
    /// <param name="mistake">What is wrong with the reply, in words that a model can act on; empty where an object was found.</param>
    /// <returns>Whether an object was found.</returns>
    public static bool TryFind(string reply, out JsonElement json, out string mistake)
    {
        json = default;
        if (reply.Length > MostCharacters)
        {
            mistake = $"the reply has {reply.Length:N0} characters; it may have {MostCharacters:N0}";
            return false;
        }

        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(WithoutThought(reply));
        JsonElement? found = null;
        while (bytes.IndexOf((byte)'{') is >= 0 and var start)
        {
            bytes = bytes[start..];
            if (!BeginsLikeAnObject(bytes))
            {
                bytes = bytes[1..];
                continue;
            }

            if (!TryReadObject(bytes, out var length, out var value, out mistake)) return false;
            if (found is { } other && !IsSame(other, value))
            {
                mistake = "the reply holds two different JSON objects; answer with one";
                return false;
            }

            found = value;
            bytes = bytes[length..];
        }

        json = found ?? default;
        mistake = found is null ? "the reply holds no JSON object; answer with one JSON object and nothing else" : string.Empty;
        return found is not null;
    }

    /// <summary>Whether a brace is followed by a member's name and a colon, or by the end of the reply before it can tell, so that JSON is meant and not a brace in prose or
    /// code. Looks no further than the second quotation mark, so that a reply of nothing but braces costs one pass.</summary>
    private static bool BeginsLikeAnObject(ReadOnlySpan<byte> bytes)
    {
        var rest = bytes[1..].TrimStart(WhiteSpace);
        if (rest.IsEmpty || rest[0] != (byte)'"') return false;
        var end = 1;
        while (end < rest.Length && rest[end] != (byte)'"') end += rest[end] == (byte)'\\' ? 2 : 1;
        if (end >= rest.Length) return true;
        rest = rest[(end + 1)..].TrimStart(WhiteSpace);
        return rest.IsEmpty || rest[0] == (byte)':';
    }

    /// <summary>Whether two objects say the same. Where numbers have exponents that cannot be compared, they do not.</summary>
    private static bool IsSame(JsonElement one, JsonElement other)
    {
        try
        {
            return JsonElement.DeepEquals(one, other);
        }
        catch (ArgumentOutOfRangeException)
        {
            return false;
        }
    }

    private static string WithoutThought(string reply)
    {
        var text = reply.AsSpan().TrimStart();
        var end = text.StartsWith(BeginOfThought, StringComparison.Ordinal) ? text.IndexOf(EndOfThought, StringComparison.Ordinal) : -1;
        return end < 0 ? reply : text[(end + EndOfThought.Length)..].ToString();
    }

    private static bool TryReadObject(ReadOnlySpan<byte> bytes, out int length, out JsonElement value, out string mistake)
    {
        length = 0;
        value = default;
        mistake = string.Empty;
        try
        {
            var reader = new Utf8JsonReader(bytes, isFinalBlock: false, new JsonReaderState(ReaderOptions));
            do
            {
                if (!reader.Read())
                {
                    mistake = "the JSON object is not closed: the reply was cut off, or a quotation mark or bracket is missing";
                    return false;
                }

                // An escaped half of a surrogate pair is JSON, but no text; it shows only when it is read.
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped) reader.GetString();
            }
            while (reader.CurrentDepth > 0 || reader.TokenType != JsonTokenType.EndObject);

            length = (int)reader.BytesConsumed;
            value = JsonElement.Parse(bytes[..length], DocumentOptions);
            return true;
        }
        catch (InvalidOperationException)
        {
            mistake = "the JSON object holds half of a surrogate pair as a \\u escape; write the character itself";
            return false;
        }
        catch (JsonException exception)
        {
            // What System.Text.Json adds about places is replaced by one that counts as people and models do.
            var reason = exception.Message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0].TrimEnd('.');
            var place = exception.LineNumber is { } line ? $" in line {line + 1} of the object, byte {exception.BytePositionInLine + 1}" : string.Empty;
            mistake = $"the JSON object is not valid{place}: {Wording.Line(reason, MostReasonCharacters)}";
            return false;
        }
    }
}

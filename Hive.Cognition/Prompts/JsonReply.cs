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

    private const string EndOfThought = "</think>";

    private static readonly JsonReaderOptions ReaderOptions = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MostDepth };

    private static readonly JsonDocumentOptions DocumentOptions =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MostDepth, AllowDuplicateProperties = false };

    /// <summary>
    /// Finds the one JSON object of a reply. Prose and code fences around it do not matter, nor does what a model thought aloud before <c>&lt;/think&gt;</c>, nor trailing commas
    /// and comments. Two different objects are refused: which one is meant is not for Hive to guess, since one may be a quotation from data.
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

        var thought = reply.LastIndexOf(EndOfThought, StringComparison.Ordinal);
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(thought < 0 ? reply : reply[(thought + EndOfThought.Length)..]);
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
            if (found is { } other && !JsonElement.DeepEquals(other, value))
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

    /// <summary>Whether a brace is followed by a quotation mark, so that JSON is meant and not a brace in prose or code.</summary>
    private static bool BeginsLikeAnObject(ReadOnlySpan<byte> bytes)
    {
        var rest = bytes[1..].TrimStart(" \t\r\n"u8);
        return !rest.IsEmpty && rest[0] == (byte)'"';
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
            mistake = $"the JSON object is not valid{place}: {reason}";
            return false;
        }
    }
}

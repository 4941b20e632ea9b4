using System.Text;
using System.Text.Json;

namespace Hive.Tools;

/// <summary>The rules for a tool's arguments as a brain writes them: one JSON object, bounded in size and depth, that names nothing twice.</summary>
public static class ToolArguments
{
    /// <summary>How many bytes they have at most, as UTF-8.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>How deep arrays and objects nest at most.</summary>
    public const int MaxDepth = 32;

    /// <summary>How they are read.</summary>
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Checks arguments.</summary>
    /// <param name="arguments">The text.</param>
    /// <returns>What is wrong and how to mend it; absent where nothing is.</returns>
    public static string? Mistake(string arguments)
    {
        // No character takes less than one byte: what is longer need not be counted.
        if (arguments.Length > MaxBytes || Encoding.UTF8.GetByteCount(arguments) > MaxBytes)
        {
            return $"the arguments have more than {MaxBytes:N0} bytes; give less at once";
        }

        try
        {
            using var document = JsonDocument.Parse(arguments, Reading);
            RequireUnicode(document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? null
                : "the arguments are no JSON object; write {\"name\": value, …}, or {} where there are none";
        }
        catch (JsonException e)
        {
            return $"the arguments are not one JSON object: {e.Message.ReplaceLineEndings(" ")}";
        }
        catch (InvalidOperationException)
        {
            return "the arguments are not one JSON object: they hold half a surrogate pair, which is no Unicode";
        }
    }

    /// <summary>Reads every text once: what the parser lets through, <c>\ud800</c> to <c>\udfff</c> alone, is found only so.</summary>
    private static void RequireUnicode(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            _ = element.GetString();
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                RequireUnicode(item);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                _ = member.Name;
                RequireUnicode(member.Value);
            }
        }
    }
}

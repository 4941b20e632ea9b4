using System.Globalization;
using System.Text.Json;

namespace Hive.Brains.Scripted;

/// <summary>A JSON element of a script, where it is, and the list that collects mistakes: a member that is wrong yields a harmless default, as a script with mistakes is refused as a whole.</summary>
internal readonly struct ScriptElement(JsonElement element, string path, List<string> mistakes)
{
    public JsonElement Element => element;

    public void Wrong(string message) => mistakes.Add($"{(path.Length == 0 ? "$" : path)}: {message}");

    /// <summary>Checks that this is an object with no other members than those named.</summary>
    public bool IsObject(params ReadOnlySpan<string> allowed)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            Wrong($"this is {Kind()}; it must be an object");
            return false;
        }

        foreach (var member in element.EnumerateObject())
        {
            if (!allowed.Contains(member.Name))
            {
                At(member.Name, member.Value).Wrong($"this is not known here; known are {string.Join(", ", allowed.ToArray())}");
            }
        }

        return true;
    }

    public ScriptElement? Member(string name) => element.TryGetProperty(name, out var child) ? At(name, child) : null;

    public string Text(int most, bool empty = false)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            Wrong($"this is {Kind()}; it must be a string");
            return "";
        }

        string text;
        try
        {
            text = element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            Wrong("this holds half of a surrogate pair; write whole characters");
            return "";
        }

        if (text.Length == 0 && !empty)
        {
            Wrong("this is empty");
        }
        else if (text.Length > most)
        {
            Wrong(string.Create(CultureInfo.InvariantCulture, $"this has {text.Length:N0} characters; at most {most:N0} are allowed"));
        }

        return text;
    }

    public string OneOf(params ReadOnlySpan<string> allowed)
    {
        var text = Text(most: 100);
        if (text.Length > 0 && !allowed.Contains(text))
        {
            Wrong($"this must be one of {string.Join(", ", allowed.ToArray())}");
        }

        return text;
    }

    public double Number(double low, double high)
    {
        if (element.ValueKind != JsonValueKind.Number || !element.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            Wrong($"this is {Kind()}; it must be a finite number");
            return low;
        }

        if (number < low || number > high)
        {
            Wrong(string.Create(CultureInfo.InvariantCulture, $"this is {number}; it must be from {low} to {high}"));
            return low;
        }

        return number;
    }

    public long WholeNumber(long low, long high)
    {
        if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt64(out var number))
        {
            Wrong($"this is {Kind()}; it must be a whole number");
            return low;
        }

        if (number < low || number > high)
        {
            Wrong(string.Create(CultureInfo.InvariantCulture, $"this is {number}; it must be from {low} to {high}"));
            return low;
        }

        return number;
    }

    public bool Flag()
    {
        if (element.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return element.GetBoolean();
        }

        Wrong($"this is {Kind()}; it must be true or false");
        return false;
    }

    public ScriptElement[] Items(int least, int most)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            Wrong($"this is {Kind()}; it must be an array");
            return [];
        }

        var count = element.GetArrayLength();
        if (count < least || count > most)
        {
            Wrong(string.Create(CultureInfo.InvariantCulture, $"this has {count:N0} items; it must have {least} to {most:N0}"));
            return [];
        }

        var (place, list) = (path, mistakes);
        return [.. element.EnumerateArray().Select((item, i) => new ScriptElement(item, string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]"), list))];
    }

    private ScriptElement At(string name, JsonElement child) => new(child, path.Length == 0 ? Shorten(name) : $"{path}.{Shorten(name)}", mistakes);

    private string Kind() => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => $"the number {Shorten(element.GetRawText())}",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";
}

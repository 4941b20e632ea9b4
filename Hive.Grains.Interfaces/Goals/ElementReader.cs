using System.Globalization;
using System.Text.Json;

namespace Hive.Goals;

/// <summary>
/// A JSON element, where it is, and who collects mistakes (a path and what is wrong there): reading never stops at the first one.
/// A member that is wrong or missing yields a harmless default, because a document with mistakes is refused as a whole.
/// </summary>
internal readonly struct ElementReader(JsonElement element, string path, Action<string, string> report)
{
    public JsonElement Element => element;

    public string Path => path;

    public void Wrong(string message) => report(path.Length == 0 ? "$" : path, message);

    public ElementReader At(string name, JsonElement child) => new(child, path.Length == 0 ? name : $"{path}.{name}", report);

    public ElementReader At(int index, JsonElement child) => new(child, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), report);

    /// <summary>Checks that this is an object with no other members than those named.</summary>
    public bool IsObject(params ReadOnlySpan<string> allowed)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            Wrong($"this is {Kind(element)}; it must be an object");
            return false;
        }

        foreach (var member in element.EnumerateObject())
        {
            if (!allowed.Contains(member.Name))
            {
                At(member.Name, member.Value).Wrong(Unknown(member.Name, allowed));
            }
        }

        return true;
    }

    public ElementReader? Optional(string name) => element.TryGetProperty(name, out var child) ? At(name, child) : null;

    public ElementReader? Required(string name, string why)
    {
        if (Optional(name) is { } child)
        {
            return child;
        }

        At(name, default).Wrong($"this is missing; {why}");
        return null;
    }

    public string Text(int most)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            Wrong($"this is {Kind(element)}; it must be a string");
            return "";
        }

        var text = element.GetString()!;
        if (string.IsNullOrWhiteSpace(text))
        {
            Wrong("this is empty");
        }
        else if (text.Length > most)
        {
            Wrong($"this has {text.Length:N0} characters; at most {most:N0} are allowed");
        }

        return text;
    }

    public double Number(double low = double.NegativeInfinity, double high = double.PositiveInfinity, bool above = false)
    {
        if (element.ValueKind != JsonValueKind.Number || !element.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            Wrong($"this is {Kind(element)}; it must be a finite number");
            return above ? Math.Max(low, 0) + 1 : 0;
        }

        if (above ? number <= low : number < low)
        {
            Wrong(string.Create(CultureInfo.InvariantCulture, $"this is {number}; it must be {(above ? "above" : "at least")} {low}"));
        }
        else if (number > high)
        {
            Wrong(string.Create(CultureInfo.InvariantCulture, $"this is {number}; it must be at most {high}"));
        }

        return number;
    }

    public long WholeNumber(long low, long high)
    {
        if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt64(out var number))
        {
            Wrong($"this is {Kind(element)}; it must be a whole number");
            return low;
        }

        if (number < low || number > high)
        {
            Wrong(string.Create(CultureInfo.InvariantCulture, $"this is {number}; it must be from {low} to {high}"));
        }

        return number;
    }

    public JsonElement[] Array(int least, int most)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            Wrong($"this is {Kind(element)}; it must be an array");
            return [];
        }

        var count = element.GetArrayLength();
        if (count < least || count > most)
        {
            Wrong(least == most ? $"this has {count} items; it must have {least}" : $"this has {count} items; it must have {least} to {most:N0}");
            return [];
        }

        return [.. element.EnumerateArray()];
    }

    internal static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => $"the string \"{Shorten(element.GetString()!)}\"",
        JsonValueKind.Number => $"the number {Shorten(element.GetRawText())}",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        _ => "missing",
    };

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static string Unknown(string name, ReadOnlySpan<string> allowed)
    {
        foreach (var known in allowed)
        {
            if (Nearness.IsMisspelling(name, known))
            {
                return $"'{Shorten(name)}' is not known here; did you mean '{known}'?";
            }
        }

        return $"'{Shorten(name)}' is not known here; known are {string.Join(", ", allowed.ToArray())}";
    }
}

using Hive.Engine;

namespace Orleans.Runtime;

/// <summary>Values that travel with calls: what a caller sets, its callees see, and theirs. What a callee sets, its caller does not see.</summary>
public static class RequestContext
{
    private static readonly AsyncLocal<RequestContextData?> Ambient = new();

    /// <summary>The names that are set.</summary>
    public static IEnumerable<string> Keys => Ambient.Value?.Values.Keys ?? [];

    /// <summary>The names and values that are set.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Entries => Ambient.Value?.Values ?? [];

    /// <summary>The value of a name; null where it is not set.</summary>
    public static object? Get(string key) => Ambient.Value?.Values.GetValueOrDefault(key);

    /// <summary>Sets the value of a name from here on.</summary>
    public static void Set(string key, object value)
    {
        ArgumentNullException.ThrowIfNull(key);
        Ambient.Value = (Ambient.Value ?? RequestContextData.Empty).With(key, value);
    }

    /// <summary>Unsets a name, and tells whether it was set.</summary>
    public static bool Remove(string key)
    {
        var current = Ambient.Value;
        if (current is null || !current.Values.ContainsKey(key)) return false;
        Ambient.Value = current.Without(key);
        return true;
    }

    /// <summary>Unsets everything.</summary>
    public static void Clear()
    {
        if (Ambient.Value is not null) Ambient.Value = null;
    }

    internal static RequestContextData? Current => Ambient.Value;

    internal static void Restore(RequestContextData? data)
    {
        if (!ReferenceEquals(Ambient.Value, data)) Ambient.Value = data;
    }
}

using System.Collections.Immutable;

namespace Hive.Engine;

/// <summary>The values that travel with a call; never empty.</summary>
internal sealed class RequestContextData
{
    internal static readonly RequestContextData Empty = new(ImmutableDictionary<string, object>.Empty);

    private RequestContextData(ImmutableDictionary<string, object> values) => Values = values;

    internal ImmutableDictionary<string, object> Values { get; }

    internal static void Write(ref WireWriter writer, RequestContextData? data)
    {
        writer.WriteVarint((ulong)(data?.Values.Count ?? 0));
        if (data is null) return;
        foreach (var (key, value) in data.Values)
        {
            writer.WriteString(key);
            writer.Write(value);
        }
    }

    internal static RequestContextData? Read(ref WireReader reader)
    {
        RequestContextData? data = null;
        for (var left = reader.ReadVarint(); left > 0; left--)
        {
            var key = reader.ReadString() ?? throw reader.Wrong("A name of the request's context is null");
            var value = reader.Read<object>() ?? throw reader.Wrong("A value of the request's context is null");
            data = (data ?? Empty).With(key, value);
        }

        return data;
    }

    internal RequestContextData With(string key, object value) => new(Values.SetItem(key, value));

    internal RequestContextData? Without(string key) => Values.Count == 1 ? null : new RequestContextData(Values.Remove(key));
}

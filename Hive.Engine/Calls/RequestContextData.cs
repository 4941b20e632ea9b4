using System.Collections.Immutable;

namespace Hive.Engine;

/// <summary>The values that travel with a call; never empty.</summary>
internal sealed class RequestContextData
{
    internal static readonly RequestContextData Empty = new(ImmutableDictionary<string, object>.Empty);

    private RequestContextData(ImmutableDictionary<string, object> values) => Values = values;

    internal ImmutableDictionary<string, object> Values { get; }

    internal RequestContextData With(string key, object value) => new(Values.SetItem(key, value));

    internal RequestContextData? Without(string key) => Values.Count == 1 ? null : new RequestContextData(Values.Remove(key));
}

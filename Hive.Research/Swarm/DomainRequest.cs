namespace Hive.Swarm;

/// <summary>Which domain, with which data and budget: enough to open the same one on every silo that has the data.</summary>
/// <param name="Name">The domain's name, or the path of a file that describes one.</param>
/// <param name="Text">The user's own data file; null for the data that the domain brings.</param>
/// <param name="Work">The budget of an experiment as a multiple of the usual one; null for the usual one.</param>
public sealed record DomainRequest(string Name, string? Text = null, double? Work = null)
{
    /// <summary>The request as one JSON object.</summary>
    public string ToJson() => JsonObjects.Write(writer =>
    {
        writer.WriteString("name", Name);
        if (Text is not null) writer.WriteString("text", Text);
        if (Work is { } work) writer.WriteNumber("work", work);
    });

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The JSON.</param>
    /// <exception cref="FormatException">It is no such object; the message says why.</exception>
    public static DomainRequest Parse(string json) => JsonObjects.Read(json, root => new DomainRequest(
        root.GetProperty("name").GetString()!,
        root.TryGetProperty("text", out var text) ? text.GetString() : null,
        root.TryGetProperty("work", out var work) ? work.GetDouble() : null));
}

namespace Hive.Research.Text;

/// <summary>A piece of plain text that belongs together, such as the documentation of one type member.</summary>
/// <param name="Name">Its name, unique among its kind, such as <c>M:System.String.Trim</c>.</param>
/// <param name="Summary">Its first paragraph, on one line; not empty.</param>
/// <param name="Details">What follows, one paragraph a line; may be empty.</param>
public sealed record TextDocument(string Name, string Summary, string Details)
{
    /// <summary>The whole text, a paragraph a line, without a line break at the end.</summary>
    public string Text => Details.Length == 0 ? Summary : $"{Summary}\n{Details}";
}

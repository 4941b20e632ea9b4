using System.Text;
using System.Xml;

namespace Hive.Research.Text;

/// <summary>
/// Reads a compiler's XML documentation file as plain text: a document a member, a paragraph an element (summary, parameters, returns, exceptions, remarks).
/// </summary>
internal static class XmlDocumentation
{
    private const long MaxFileCharacters = 64 << 20;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxFileCharacters,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>The documented members of a file, in its order; members without a summary are left out.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FormatException">It is no documentation file; the message names it.</exception>
    public static List<TextDocument> Read(string path)
    {
        try
        {
            using var reader = XmlReader.Create(path, Settings);
            return Read(reader);
        }
        catch (XmlException mistake)
        {
            throw new FormatException($"{path} is no XML documentation: {mistake.Message}", mistake);
        }
    }

    private static List<TextDocument> Read(XmlReader reader)
    {
        var documents = new List<TextDocument>();
        var paragraph = new StringBuilder();
        var details = new StringBuilder();
        while (reader.Read())
        {
            if (reader is not { NodeType: XmlNodeType.Element, Name: "member" } || reader.GetAttribute("name") is not { Length: > 0 } name) continue;
            if (reader.IsEmptyElement) continue;
            details.Clear();
            var summary = ReadMember(reader, paragraph, details);
            if (summary.Length > 0) documents.Add(new TextDocument(name, summary, details.ToString()));
        }

        return documents;
    }

    private static string ReadMember(XmlReader reader, StringBuilder paragraph, StringBuilder details)
    {
        var summary = string.Empty;
        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
        {
            if (reader.NodeType != XmlNodeType.Element) continue;
            var kind = reader.Name;
            paragraph.Clear();
            if (kind is "param" or "typeparam") paragraph.Append(reader.GetAttribute("name")).Append(": ");
            if (kind is "exception") paragraph.Append(ShortName(reader.GetAttribute("cref"))).Append(": ");
            var prefix = paragraph.Length;
            ReadParagraph(reader, paragraph);
            if (paragraph.Length <= prefix) continue;
            if (kind == "summary") summary = paragraph.ToString();
            else details.Append(details.Length > 0 ? "\n" : string.Empty).Append(paragraph);
        }

        return summary;
    }

    /// <summary>Appends all text below an element, white space collapsed, references by their short names.</summary>
    private static void ReadParagraph(XmlReader reader, StringBuilder paragraph)
    {
        if (reader.IsEmptyElement) return;
        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    Append(paragraph, reader.Value);
                    break;
                case XmlNodeType.Element when reader.Name is "see" or "seealso" or "paramref" or "typeparamref" && reader.IsEmptyElement:
                    Append(paragraph, reader.GetAttribute("langword") ?? reader.GetAttribute("name") ?? ShortName(reader.GetAttribute("cref")));
                    break;
                case XmlNodeType.Element:
                    Append(paragraph, " ");
                    break;
                default:
                    break;
            }
        }

        while (paragraph.Length > 0 && paragraph[^1] == ' ') paragraph.Length--;
    }

    private static void Append(StringBuilder paragraph, string text)
    {
        foreach (var letter in text)
        {
            if (!char.IsWhiteSpace(letter)) paragraph.Append(letter);
            else if (paragraph.Length > 0 && paragraph[^1] != ' ') paragraph.Append(' ');
        }
    }

    /// <summary>
    /// What people call a member: <c>M:System.String.Format(System.String)</c> is <c>String.Format</c>, <c>T:System.Func`1</c> is <c>Func</c>.
    /// </summary>
    private static string ShortName(string? reference)
    {
        if (string.IsNullOrEmpty(reference)) return string.Empty;
        var isType = reference.StartsWith("T:", StringComparison.Ordinal);
        var name = reference.AsSpan(reference.Length > 1 && reference[1] == ':' ? 2 : 0);
        var parameters = name.IndexOf('(');
        if (parameters >= 0) name = name[..parameters];
        var from = name.LastIndexOf('.');
        if (!isType && from > 0) from = name[..from].LastIndexOf('.');
        var text = name[(from + 1)..].ToString();
        text = text.Replace(".#ctor", string.Empty, StringComparison.Ordinal);
        var generic = text.IndexOf('`', StringComparison.Ordinal);
        return generic < 0 ? text : text.Remove(generic, text[generic..].TakeWhile(letter => letter == '`' || char.IsAsciiDigit(letter)).Count());
    }
}

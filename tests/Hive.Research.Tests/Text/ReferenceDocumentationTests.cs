using Hive.Research.Text;
using Hive.Testing;

namespace Hive.Research.Tests.Text;

public sealed class ReferenceDocumentationTests : IDisposable
{
    private readonly string _directory = TemporaryDirectory.Create("reference");

    public void Dispose() => TemporaryDirectory.Delete(_directory);

    [Fact]
    public void The_SDK_gives_thousands_of_documents_sorted_by_name_and_never_more_text_than_asked_for()
    {
        const int Most = 400_000;
        var documents = ReferenceDocumentation.Read(Most, CancellationToken.None);

        Assert.True(documents.Count > 1_000, $"{documents.Count} documents");
        Assert.Equal(documents.Select(document => document.Name).Order(StringComparer.Ordinal).Distinct(), documents.Select(document => document.Name));
        Assert.InRange(documents.Sum(document => document.Text.Length), Most * 9 / 10, Most);
        Assert.DoesNotContain(documents, document => document.Summary.Length == 0 || document.Text.Contains("<see", StringComparison.Ordinal));
        Assert.Equal(documents, ReferenceDocumentation.Read(Most, CancellationToken.None));
    }

    [Fact]
    public void Markup_becomes_plain_text_with_short_names()
    {
        Write("8.0.1", "A.xml", Member("M:A.B.C(System.Int32)", """
            <summary>Splits a
              <see cref="T:System.Collections.Generic.List`1" /> where <see langword="null" /> is <c>here</c>, see <see cref="M:System.String.Format(System.String)" />.</summary>
            <param name="count">How <paramref name="many" />.</param>
            <exception cref="T:System.ArgumentException">Bad &lt; good.</exception>
            """));

        var document = Assert.Single(Read());
        Assert.Equal("M:A.B.C(System.Int32)", document.Name);
        Assert.Equal("Splits a List where null is here, see String.Format.", document.Summary);
        Assert.Equal("count: How many.\nArgumentException: Bad < good.", document.Details);
    }

    [Fact]
    public void The_newest_pack_is_read()
    {
        Write("8.0.9", "A.xml", Member("T:Old", "<summary>Old.</summary>"));
        Write("8.0.10", "A.xml", Member("T:New", "<summary>New.</summary>"));

        Assert.Equal("T:New", Assert.Single(Read()).Name);
    }

    [Fact]
    public void Without_an_SDK_the_error_says_where_it_looked_and_what_to_do()
    {
        var missing = Assert.Throws<FileNotFoundException>(() => Read());

        Assert.Contains(_directory, missing.Message, StringComparison.Ordinal);
        Assert.Contains("DOTNET_ROOT", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<doc><members><member name=\"T:A\"><summary>cut off")]
    [InlineData("<!DOCTYPE doc [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><doc>&a;</doc>")]
    public void A_damaged_file_is_named(string content)
    {
        Write("8.0.0", "Damaged.xml", content);

        Assert.Contains("Damaged.xml", Assert.Throws<FormatException>(() => Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_file_is_read_by_paragraphs()
    {
        var path = Path.Combine(_directory, "own.txt");
        File.WriteAllText(path, "\nOne\r\ntwo\n\n \nThree");

        Assert.Equal([new TextDocument("line 2", "One", "two"), new TextDocument("line 6", "Three", "")], TextFile.Read(path));
    }

    [Fact]
    public void A_text_file_that_cannot_serve_is_refused_with_the_reason()
    {
        var path = Path.Combine(_directory, "own.txt");
        Assert.Contains(path, Assert.Throws<FileNotFoundException>(() => TextFile.Read(path)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, [0x41, 0xFF, 0xFE, 0x41]);
        Assert.Contains("UTF-8", Assert.Throws<FormatException>(() => TextFile.Read(path)).Message, StringComparison.Ordinal);
        File.WriteAllText(path, " \n\n");
        Assert.Contains("no text", Assert.Throws<FormatException>(() => TextFile.Read(path)).Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<TextDocument> Read() => ReferenceDocumentation.Read(1_000_000, CancellationToken.None, _directory);

    private static string Member(string name, string content) => $"<?xml version=\"1.0\"?><doc><members><member name=\"{name}\">{content}</member></members></doc>";

    private void Write(string version, string file, string content)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_directory, "packs", "Microsoft.NETCore.App.Ref", version, "ref", "net8.0")).FullName;
        File.WriteAllText(Path.Combine(directory, file), content);
    }
}

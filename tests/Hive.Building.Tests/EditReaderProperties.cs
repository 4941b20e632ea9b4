using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Hive.Building.Tests;

public class EditReaderProperties
{
    private static readonly string[] Pieces =
    [
        "=== a.cs", "=== b/c.md", "=== ../x", "===", "=== ", "<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE", "```", "````", "```csharp", "~~~", "delete", "", "text", "  ```",
        "<<<<<<< SEARCH  ", "\r", "\u0000", "\uD800", "=== `q.cs` ===", "more text",
    ];

    [Fact]
    public void Whatever_a_brain_says_is_read_or_told_to_be_wrong_and_never_both()
    {
        var replies = Gen.OneOf(Gen.Elements(Pieces), ArbMap.Default.GeneratorFor<string>().Where(text => text is not null)).ListOf().Select(lines => string.Join('\n', lines)).ToArbitrary();
        Prop.ForAll(replies, reply =>
        {
            var edits = EditReader.Read(reply, out var mistakes);
            return mistakes.IsEmpty != edits.IsEmpty
                && mistakes.All(mistake => mistake.Length is > 0 and < 1_000)
                && edits.All(edit => EditPath.Check(edit.Path) is null)
                && edits.Select(edit => edit.Path).Distinct().Count() == edits.Length;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Edits_that_are_written_in_the_format_are_read_as_they_were_meant()
    {
        var lines = Gen.Elements("", "int a;", "  b", "```", "```sh", "=== no.cs", "delete", "ü€🐝", "====", "<<<<<<<").ListOf().Select(list => list.ToArray());
        var edits = Gen.Elements(0, 1, 2).SelectMany(kind => lines.SelectMany(first => lines.Select(second => (kind, first, second)))).ListOf().ToArbitrary();
        Prop.ForAll(edits, given =>
        {
            var (reply, expected) = (new StringBuilder("Here you are.\n"), new List<string>());
            foreach (var (kind, first, second) in given.Take(EditFormat.MaxFiles))
            {
                var path = $"src/f{expected.Count}.cs";
                reply.Append("=== ").Append(path).Append('\n').Append(kind switch
                {
                    0 => "delete\n",
                    1 => "`````\n" + string.Concat(first.Select(line => line + "\n")) + "`````\n",
                    _ => $"<<<<<<< SEARCH\nanchor\n{string.Concat(first.Select(line => line + "\n"))}=======\n{string.Concat(second.Select(line => line + "\n"))}>>>>>>> REPLACE\n",
                });
                expected.Add($"{path}:" + kind switch
                {
                    0 => "gone",
                    1 => string.Concat(first.Select(line => line + "\n")),
                    _ => string.Join('|', ["anchor", .. first]) + "->" + string.Join('|', second),
                });
            }

            var read = EditReader.Read(reply.ToString(), out var mistakes).Select(edit => $"{edit.Path}:" + edit switch
            {
                FullText full => full.Text,
                Replacements { Blocks: [var block] } => string.Join('|', block.Search) + "->" + string.Join('|', block.Replace),
                _ => "gone",
            });
            return expected.Count == 0 || (mistakes.IsEmpty && read.SequenceEqual(expected));
        }).QuickCheckThrowOnFailure();
    }
}

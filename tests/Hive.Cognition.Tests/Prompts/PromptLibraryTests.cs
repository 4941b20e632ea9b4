using FsCheck;
using FsCheck.Fluent;
using Hive.Cognition.Prompts;
using Hive.Testing;

namespace Hive.Cognition.Tests.Prompts;

public sealed class PromptLibraryTests : IDisposable
{
    private static readonly string[] All =
    [
        "architect", "architect-repair", "attempt", "build-architect", "build-attempt", "build-critic", "critic", "integrator", "join-repair", "role-explorer", "role-sceptic",
        "role-scout", "role-tester", "step", "tool-result", "vote",
    ];

    private readonly string _folder = TemporaryDirectory.Create("hive-prompts");

    public void Dispose() => TemporaryDirectory.Delete(_folder);

    [Fact]
    public void All_prompts_ship() => Assert.Equal(All, PromptLibrary.Load(null).Names);

    [Fact]
    public void Every_prompt_renders_with_every_placeholder_and_sends_no_head()
    {
        var library = PromptLibrary.Load(null);
        foreach (var name in library.Names)
        {
            var values = library.Placeholders(name).Keys.Select(placeholder => (placeholder, $"«{placeholder}»")).ToArray();
            var text = library.Render(name, values);
            Assert.All(values, value => Assert.Contains(value.Item2, text, StringComparison.Ordinal));
            Assert.DoesNotContain("<!--", text, StringComparison.Ordinal);
            Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
            Assert.NotEmpty(text);
        }
    }

    [Fact]
    public void Every_prompt_that_takes_data_from_outside_says_that_it_is_no_instruction()
    {
        var library = PromptLibrary.Load(null);
        var fenced = library.Names.Where(name => library.Text(name).Split("-->")[0].Contains("fenced", StringComparison.Ordinal)).ToList();
        Assert.Equal(12, fenced.Count);
        Assert.All(fenced, name => Assert.Matches("(?i)(never follow|follow no) instructions in it|never an instruction", library.Text(name)));
    }

    [Fact]
    public void Values_are_inserted_as_they_are()
    {
        var library = PromptLibrary.Load(null);
        Prop.ForAll<NonNull<string>>(text =>
        {
            var value = text.Get + "{{tool}}{{result}}|";
            return library.Render("tool-result", ("tool", "x"), ("result", value)).EndsWith(value, StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_section_whose_placeholders_are_all_empty_is_left_out()
    {
        var library = PromptLibrary.Load(null);
        var first = library.Render("attempt", ("role", "R"), ("objective", "O"), ("instruction", "I"), ("context", ""), ("faults", " \n"), ("lessons", ""), ("tools", ""));
        Assert.DoesNotContain("Faults", first, StringComparison.Ordinal);
        Assert.DoesNotContain("# Context", first, StringComparison.Ordinal);
        Assert.Contains("# Answer", first, StringComparison.Ordinal);
        var again = library.Render("attempt", ("role", "R"), ("objective", "O"), ("instruction", "I"), ("context", ""), ("faults", "F"), ("lessons", ""), ("tools", ""));
        Assert.Contains("# Faults of earlier attempts", again, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("architect-repair")]
    [InlineData("join-repair")]
    public void A_repair_shows_the_reply_only_where_the_conversation_does_not(string name)
    {
        var library = PromptLibrary.Load(null);
        Assert.Contains("# Your reply", library.Render(name, ("mistakes", "m"), ("reply", "r")), StringComparison.Ordinal);
        Assert.DoesNotContain("# Your reply", library.Render(name, ("mistakes", "m"), ("reply", "")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_overrides_the_prompt_of_its_name_and_no_other()
    {
        Write("vote.md", "\uFEFF<!-- Mine.\r\nIt has two lines. -->\r\nQ: {{question}}\r\n");
        var library = PromptLibrary.Load(_folder);
        Assert.Equal("Q: why?", library.Render("vote", ("question", "why?"), ("context", "c"), ("answer-format", "f")));
        Assert.Equal(PromptLibrary.Load(null).Text("step"), library.Text("step"));
    }

    [Fact]
    public void Hidden_files_are_passed_over()
    {
        Write(".gitignore", "*");
        Assert.Equal(All, PromptLibrary.Load(_folder).Names);
    }

    [Theory]
    [InlineData("vote.md", "a\n\n{{question}} {{qestion}}", "vote.md:3: {{qestion}} is no placeholder here; this prompt has {{answer-format}}, {{context}}, {{question}}.")]
    [InlineData("vote.md", "<!-- head\n-->\nAnswer.", "vote.md:3: the prompt lacks {{question}}; put it where its value belongs.")]
    [InlineData("vote.md", "{{question", "vote.md:1: '{{' has no '}}' on its line; close the placeholder or take the braces away.")]
    [InlineData("vote.md", "<!-- head\n{{question}}", "vote.md:1: the head '<!--' is not closed; end it with a line that ends in '-->'.")]
    [InlineData("role-scout.md", "{{question}}", "role-scout.md:1: {{question}} is no placeholder here; this prompt has none.")]
    [InlineData("role-scout.md", " \n", "role-scout.md:1: the prompt is empty; write one, or take the file away.")]
    [InlineData("critc.md", "x", "critc.md:1: no prompt has this name; move the file elsewhere or name it as the prompt it overrides: architect.md, architect-repair.md,")]
    [InlineData("notes.txt", "x", "notes.txt:1: no prompt has this name;")]
    public void A_file_that_cannot_be_used_is_refused_with_its_place_and_how_to_mend_it(string file, string text, string message)
    {
        Write(file, text);
        var refusal = Assert.Throws<PromptException>(() => PromptLibrary.Load(_folder));
        Assert.StartsWith(Path.Combine(_folder, message), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_too_long_or_no_text_is_refused()
    {
        Write("vote.md", "{{question}}" + new string('x', 65_536));
        Assert.Contains("vote.md:1: the prompt is longer than 65,536 bytes", Assert.Throws<PromptException>(() => PromptLibrary.Load(_folder)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(Path.Combine(_folder, "vote.md"), [0xC3, 0x28]);
        Assert.Contains("vote.md:1: the prompt is no UTF-8 text", Assert.Throws<PromptException>(() => PromptLibrary.Load(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_refused()
    {
        var missing = Path.Combine(_folder, "none");
        Assert.StartsWith($"{missing}: the folder of prompts cannot be read", Assert.Throws<PromptException>(() => PromptLibrary.Load(missing)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_caller_who_forgets_a_value_or_gives_one_too_many_hears_of_it()
    {
        var library = PromptLibrary.Load(null);
        Assert.Contains("'result' of the prompt 'tool-result' has no value", Refusal([("tool", "x")]), StringComparison.Ordinal);
        Assert.Contains("has no placeholder 'taste'", Refusal([("tool", "x"), ("taste", "y")]), StringComparison.Ordinal);
        Assert.Contains("'tool' of the prompt 'tool-result' has two values", Refusal([("tool", "x"), ("tool", "y")]), StringComparison.Ordinal);
        Assert.Contains("There is no prompt 'nobody'", Assert.Throws<ArgumentException>(() => library.Render("nobody")).Message, StringComparison.Ordinal);

        string Refusal((string, string)[] values) => Assert.Throws<ArgumentException>(() => library.Render("tool-result", values)).Message;
    }

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);
}

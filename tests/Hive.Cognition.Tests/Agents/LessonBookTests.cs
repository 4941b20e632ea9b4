using FsCheck;
using FsCheck.Fluent;
using Hive.Cognition.Agents;

namespace Hive.Cognition.Tests.Agents;

public sealed class LessonBookTests
{
    [Fact]
    public void The_worthiest_come_first_and_among_equals_the_youngest()
    {
        var book = Book(("old", 0.5), ("best", 0.9), ("young", 0.5));
        Assert.Equal("- best\n- young\n- old", book.Render(1_000));
        Assert.Equal("- best\n- young", book.Render(14));
        Assert.Equal("- best", book.Render(13));
        Assert.Equal("- best", book.Render(1_000, mostLessons: 1));
        Assert.Empty(book.Render(5));
        Assert.Empty(new LessonBook().Render(1_000));
    }

    [Fact]
    public void Of_a_full_book_the_least_worthy_goes_and_among_equals_the_oldest()
    {
        var book = new LessonBook();
        for (var i = 0; i < LessonBook.MostLessons; i++) book.Add($"lesson {i}.", 0.5);
        book.Add("worse", 0.4);
        Assert.DoesNotContain("worse", book.Render(100_000), StringComparison.Ordinal);
        book.Add("as good", 0.5);
        Assert.Contains("as good", book.Render(100_000), StringComparison.Ordinal);
        Assert.DoesNotContain("lesson 0.", book.Render(100_000), StringComparison.Ordinal);
        Assert.Equal(LessonBook.MostLessons, book.Count);
    }

    [Fact]
    public void What_says_the_same_strengthens_and_does_not_repeat()
    {
        var book = Book(("Check the sign", 0.3), ("other", 0.5), ("check  the SIGN", 0.8), ("Check the sign", 0.1));
        Assert.Equal("- Check the sign\n- other", book.Render(1_000));
    }

    [Fact]
    public void A_lesson_is_one_line_of_280_characters()
    {
        var book = Book(("a\nb\0\t c", 1), (" \n", 1), (new string('x', 300), 0.5));
        Assert.Equal($"- a b c\n- {new string('x', 279)}…", book.Render(1_000));
    }

    [Fact]
    public void A_book_comes_back_as_it_was() => Prop.ForAll<(NonNull<string>, double)[]>(lessons =>
    {
        var book = Book([.. lessons.Select(lesson => (lesson.Item1.Get, lesson.Item2))]);
        var copy = LessonBook.FromJson(book.ToJson());
        return copy.ToJson() == book.ToJson() && copy.Render(100_000) == book.Render(100_000) && copy.Count <= LessonBook.MostLessons;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_fullest_book_there_can_be_fits_its_file()
    {
        var book = new LessonBook();
        for (var i = 0; i < LessonBook.MostLessons; i++) book.Add($"{i}{new string('\u0416', 300)}", 1.0 / 3);
        Assert.Equal(LessonBook.MostLessons, LessonBook.FromJson(book.ToJson()).Count);
    }

    [Theory]
    [InlineData("", "The lessons are no JSON text")]
    [InlineData("[]", "The lessons must be an object with an array 'lessons'.")]
    [InlineData("""{"lessons":7}""", "The lessons must be an object with an array 'lessons'.")]
    [InlineData("""{"lessons":[{"text":"a","worth":1},{"text":"b","worth":2}]}""", "lessons[1] must have a text 'text' and a number 'worth' from 0 to 1.")]
    [InlineData("""{"lessons":["a"]}""", "lessons[0] must have a text 'text'")]
    [InlineData("""{"lessons":[{"text":"\ud800","worth":1}]}""", "The lessons are no JSON text")]
    [InlineData("""{"lessons":[],"lessons":[]}""", "The lessons are no JSON text")]
    public void What_is_no_book_is_refused_with_its_place(string json, string message) =>
        Assert.StartsWith(message, Assert.Throws<FormatException>(() => LessonBook.FromJson(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_book_too_large_is_refused()
    {
        Assert.Throws<FormatException>(() => LessonBook.FromJson(new string(' ', LessonBook.MostJsonCharacters + 1)));
        var many = string.Join(',', Enumerable.Range(0, 33).Select(i => $$"""{"text":"{{i}}","worth":0}"""));
        Assert.Equal("There are 33 lessons; there may be 32.", Assert.Throws<FormatException>(() => LessonBook.FromJson($$"""{"lessons":[{{many}}]}""")).Message);
    }

    [Fact]
    public void Any_text_is_a_book_or_refused() => Replies.AllHold(text =>
    {
        try
        {
            return LessonBook.FromJson(text).Count <= LessonBook.MostLessons;
        }
        catch (FormatException)
        {
            return true;
        }
    });

    private static LessonBook Book(params (string Text, double Worth)[] lessons)
    {
        var book = new LessonBook();
        foreach (var (text, worth) in lessons) book.Add(text, worth);
        return book;
    }
}

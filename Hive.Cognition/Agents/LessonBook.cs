using System.Text;
using System.Text.Json;
using Hive.Cognition.Prompts;

namespace Hive.Cognition.Agents;

/// <summary>
/// What an agent has learnt, in few short sentences: at most 32 of 280 characters. A new lesson takes the place of the least worthy one, among equals of the oldest; one that
/// says what another says strengthens that. Lessons come from brains and are data, whatever they read like.
/// </summary>
public sealed class LessonBook
{
    /// <summary>How many lessons are kept.</summary>
    public const int MostLessons = 32;

    /// <summary>How many characters a lesson may have; what is longer is cut.</summary>
    public const int MostLessonCharacters = 280;

    /// <summary>How many characters a book may have as JSON.</summary>
    public const int MostJsonCharacters = 65_536;

    // The oldest first.
    private readonly List<Lesson> _lessons = [];

    /// <summary>How many lessons there are.</summary>
    public int Count => _lessons.Count;

    /// <summary>Learns a lesson. An empty one is not kept, nor is one that is less worthy than all of a full book.</summary>
    /// <param name="text">The lesson; it is put on one line.</param>
    /// <param name="worth">How much it helped, 0 to 1; what is outside counts as the nearer end, what is no number as 0.</param>
    public void Add(string text, double worth)
    {
        var lesson = new Lesson(Wording.Line(text, MostLessonCharacters), double.IsNaN(worth) ? 0 : Math.Clamp(worth, 0, 1));
        if (lesson.Text.Length == 0) return;
        var same = _lessons.FindIndex(other => Wording.Normal(other.Text) == Wording.Normal(lesson.Text));
        if (same >= 0)
        {
            lesson = _lessons[same] with { Worth = Math.Max(_lessons[same].Worth, lesson.Worth) };
            _lessons.RemoveAt(same);
        }

        _lessons.Add(lesson);
        // MinBy takes the first of equals, which is the oldest.
        if (_lessons.Count > MostLessons) _lessons.Remove(_lessons.MinBy(other => other.Worth)!);
    }

    /// <summary>The worthiest lessons, a line each, as many as fit. They belong between fences.</summary>
    /// <param name="mostCharacters">How long the text may be.</param>
    /// <param name="mostLessons">How many lessons it may have.</param>
    /// <returns>The lines; empty where there is no lesson, or none fits.</returns>
    public string Render(int mostCharacters, int mostLessons = MostLessons)
    {
        var text = new StringBuilder();
        foreach (var lesson in Enumerable.Reverse(_lessons).OrderByDescending(lesson => lesson.Worth).Take(mostLessons))
        {
            var line = $"{(text.Length > 0 ? "\n" : string.Empty)}- {lesson.Text}";
            if (text.Length + line.Length > mostCharacters) break;
            text.Append(line);
        }

        return text.ToString();
    }

    /// <summary>The book as JSON, the oldest lesson first.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new { lessons = _lessons.Select(lesson => new { text = lesson.Text, worth = lesson.Worth }) });

    /// <summary>Reads a book.</summary>
    /// <param name="json">What <see cref="ToJson"/> gave, or anything.</param>
    /// <exception cref="FormatException">It is no book: the message says where and why.</exception>
    public static LessonBook FromJson(string json)
    {
        if (json.Length > MostJsonCharacters) throw new FormatException($"The lessons have {json.Length:N0} characters; they may have {MostJsonCharacters:N0}.");
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(json), new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            return Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half of a surrogate pair as a \u escape.
            throw new FormatException($"The lessons are no JSON text: {exception.Message}", exception);
        }
    }

    private static LessonBook Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("lessons", out var lessons) || lessons.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException("The lessons must be an object with an array 'lessons'.");
        }

        if (lessons.GetArrayLength() > MostLessons) throw new FormatException($"There are {lessons.GetArrayLength()} lessons; there may be {MostLessons}.");
        var book = new LessonBook();
        foreach (var (i, lesson) in lessons.EnumerateArray().Index())
        {
            if (lesson.ValueKind != JsonValueKind.Object
                || !lesson.TryGetProperty("text", out var text) || text.ValueKind != JsonValueKind.String
                || !lesson.TryGetProperty("worth", out var worth) || worth.ValueKind != JsonValueKind.Number
                || !worth.TryGetDouble(out var number) || number is < 0 or > 1)
            {
                throw new FormatException($"lessons[{i}] must have a text 'text' and a number 'worth' from 0 to 1.");
            }

            book.Add(text.GetString()!, number);
        }

        return book;
    }

    private sealed record Lesson(string Text, double Worth);
}

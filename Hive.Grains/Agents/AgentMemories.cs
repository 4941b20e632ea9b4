using System.Text;
using Hive.Brains;
using Hive.Cognition.Agents;
using Hive.Cognition.Prompts;

namespace Hive.Agents;

/// <summary>What the agents of one silo have learnt: a small file each, so that lessons outlive the process. A file that cannot be read or written costs its lessons and nothing else.</summary>
/// <param name="folder">Where the files lie; absent: nothing outlives the process.</param>
public sealed class AgentMemories(string? folder)
{
    private const int MaxAgents = 4_096;

    private readonly Dictionary<string, LessonBook> _books = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Memories that end with the process.</summary>
    public static AgentMemories Forgetful => new(null);

    /// <summary>An agent's lessons in a fence, for they are data whatever they read like, at most <see cref="BrainCall.MaxLessons"/> bytes of UTF-8; empty where it has none.</summary>
    /// <param name="agent">The agent's key.</param>
    public string Tell(string agent)
    {
        lock (_gate)
        {
            var book = BookOf(agent);
            for (var most = BrainCall.MaxLessons; most > 0; most /= 2)
            {
                var lessons = book.Render(most);
                if (lessons.Length == 0)
                {
                    return "";
                }

                var text = "Notes of your own from earlier tasks. Use what helps, and leave the rest.\n" + Fence.Wrap("lessons", lessons);
                if (Encoding.UTF8.GetByteCount(text) <= BrainCall.MaxLessons)
                {
                    return text;
                }
            }

            return "";
        }
    }

    /// <summary>Gives an agent a lesson.</summary>
    /// <param name="agent">The agent's key.</param>
    /// <param name="lesson">The lesson.</param>
    /// <param name="worth">How much it is worth, 0 to 1.</param>
    public void Learn(string agent, string lesson, double worth)
    {
        lock (_gate)
        {
            var book = BookOf(agent);
            book.Add(lesson, Math.Clamp(worth, 0, 1));
            Keep(agent, book);
        }
    }

    private LessonBook BookOf(string agent)
    {
        if (_books.TryGetValue(agent, out var known))
        {
            return known;
        }

        if (_books.Count >= MaxAgents)
        {
            _books.Remove(_books.Keys.First());
        }

        return _books[agent] = Read(agent);
    }

    private LessonBook Read(string agent)
    {
        if (folder is null || !File.Exists(FileOf(agent)))
        {
            return new LessonBook();
        }

        try
        {
            return new FileInfo(FileOf(agent)).Length > 4 * LessonBook.MostJsonCharacters ? new LessonBook() : LessonBook.FromJson(File.ReadAllText(FileOf(agent)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return new LessonBook();
        }
    }

    private void Keep(string agent, LessonBook book)
    {
        if (folder is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(folder);
            var whole = FileOf(agent) + ".new";
            File.WriteAllText(whole, book.ToJson());
            File.Move(whole, FileOf(agent), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The lesson is known until the process ends.
        }
    }

    private string FileOf(string agent) =>
        Path.Combine(folder!, string.Concat(agent.Select(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' ? character : '_')) + ".json");
}
